/** The gRPC port: wire messages to engine records and back, exceptions to statuses. */
@NullMarked
package dev.gatehouse.service.rpc;

import org.jspecify.annotations.NullMarked;
