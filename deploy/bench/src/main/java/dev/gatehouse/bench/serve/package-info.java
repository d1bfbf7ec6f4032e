/**
 * The server beside what gRPC itself costs and beside other servers of the same graphs: each in a
 * process of its own, and so is what sends the requests.
 */
@NullMarked
package dev.gatehouse.bench.serve;

import org.jspecify.annotations.NullMarked;
