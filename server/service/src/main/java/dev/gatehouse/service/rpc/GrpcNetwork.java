package dev.gatehouse.service.rpc;

import io.grpc.BindableService;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * What a {@link GrpcPort} needs before it knows a model: threads, the network's library, services
 * that are about the server alone. Making it takes a good part of a server's start, so it is made
 * while models load. Whoever made it closes it, behind the port.
 */
public final class GrpcNetwork implements AutoCloseable {
  private final EventLoops loops;
  private final ExecutorService decoding;
  private final HealthStatusManager health = new HealthStatusManager();
  private final BindableService reflection = ProtoReflectionServiceV1.newInstance();
  private final NettyServerBuilder builder;

  /** Starts the threads; nothing listens yet. */
  public GrpcNetwork(GrpcSettings settings) {
    loops = new EventLoops(settings.threads());
    decoding = Executors.newFixedThreadPool(settings.threads());
    builder =
        loops
            .serving(NettyServerBuilder.forAddress(settings.address()))
            .directExecutor()
            .maxInboundMessageSize(settings.maxMessageBytes());
  }

  /** For one server. */
  NettyServerBuilder builder() {
    return builder;
  }

  /** Where images are decoded. */
  Executor decoding() {
    return decoding;
  }

  HealthStatusManager health() {
    return health;
  }

  BindableService reflection() {
    return reflection;
  }

  /** Stops the threads without waiting. */
  @Override
  public void close() {
    decoding.shutdown();
    loops.close();
  }
}
