/**
 * Bytes of gRPC messages, read and held without a copy where the transport allows it. It knows
 * Protocol Buffers' encoding and no model.
 */
@NullMarked
package dev.gatehouse.service.rpc.wire;

import org.jspecify.annotations.NullMarked;
