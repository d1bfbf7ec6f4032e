package dev.gatehouse.service.rpc;

import java.net.InetSocketAddress;

/**
 * How the gRPC port runs.
 *
 * @param address where it listens; port 0 for any free one
 * @param maxMessageBytes the largest request that is read
 * @param serverVersion what the server says of itself
 */
public record GrpcSettings(InetSocketAddress address, int maxMessageBytes, String serverVersion) {}
