package dev.gatehouse.service.rpc;

import dev.gatehouse.service.repository.Repository;
import dev.gatehouse.service.repository.ServedModel;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * The gRPC server: predictions, the Open Inference Protocol, health of the server and of each model
 * by name, and reflection.
 *
 * <p>Calls run on a fixed pool of one thread a processor. On the event loops themselves a call
 * costs less (a pool keeps 0.86 of their rate where a call does nothing), but all requests of one
 * connection would then run on one thread, and health would wait behind them.
 */
public final class GrpcPort implements AutoCloseable {
  private final ExecutorService executor;
  private final HealthStatusManager health;
  private final OpenStreams streams;
  private final Server server;

  private GrpcPort(
      ExecutorService executor, HealthStatusManager health, OpenStreams streams, Server server) {
    this.executor = executor;
    this.health = health;
    this.streams = streams;
    this.server = server;
  }

  /**
   * Starts to listen.
   *
   * @param settings how
   * @param repository the models
   * @param calls is told of each call
   * @param ready true while the server wants traffic
   * @throws IOException when the port is taken or the address is none of this machine
   */
  public static GrpcPort start(
      GrpcSettings settings, Repository repository, CallListener calls, BooleanSupplier ready)
      throws IOException {
    ExecutorService executor =
        Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
    HealthStatusManager health = new HealthStatusManager();
    for (ServedModel served : repository.served()) {
      health.setStatus(served.name(), ServingStatus.SERVING);
    }
    OpenStreams streams = new OpenStreams();
    CallTiming timing = new CallTiming(calls);
    Server server =
        NettyServerBuilder.forAddress(settings.address())
            .executor(executor)
            .maxInboundMessageSize(settings.maxMessageBytes())
            .addService(ServerInterceptors.intercept(new PredictionRpc(repository), timing))
            .addService(
                ServerInterceptors.intercept(
                    new OpenInferenceRpc(repository, settings.serverVersion(), ready), timing))
            .addService(ServerInterceptors.intercept(health.getHealthService(), streams))
            .addService(
                ServerInterceptors.intercept(ProtoReflectionServiceV1.newInstance(), streams))
            .build();
    try {
      server.start();
    } catch (IOException | RuntimeException e) {
      executor.shutdown();
      throw e;
    }
    return new GrpcPort(executor, health, streams, server);
  }

  /** The port that is listened on. */
  public int port() {
    return server.getPort();
  }

  /** Health says NOT_SERVING from now on, for the server and for each model. */
  public void notServing() {
    health.enterTerminalState();
  }

  /**
   * Takes no new connection, tells connected callers to go elsewhere, and lets calls that have
   * arrived finish within {@code grace}; what is left then is cut off.
   *
   * @return true when every call finished
   */
  public boolean drain(Duration grace) throws InterruptedException {
    notServing();
    server.shutdown();
    streams.closeAll();
    boolean finished = server.awaitTermination(grace.toNanos(), TimeUnit.NANOSECONDS);
    close();
    return finished;
  }

  /** Cuts off every call; a second call does nothing. */
  @Override
  public void close() {
    server.shutdownNow();
    executor.shutdown();
  }
}
