package dev.gatehouse.service.rpc;

import java.net.InetSocketAddress;

/**
 * How the gRPC port runs.
 *
 * @param address where it listens; port 0 for any free one
 * @param threads event loops, and threads that decode images
 * @param maxQueuedImages images that wait to be decoded at most
 * @param maxMessageBytes the largest request that is read
 * @param serverVersion what the server says of itself
 */
public record GrpcSettings(
    InetSocketAddress address,
    int threads,
    int maxQueuedImages,
    int maxMessageBytes,
    String serverVersion) {}
