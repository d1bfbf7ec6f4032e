/** The composition root: wires repository, metrics, gRPC and HTTP into one server. */
@NullMarked
package dev.gatehouse.service.app;

import org.jspecify.annotations.NullMarked;
