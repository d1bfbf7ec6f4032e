package dev.gatehouse.service.rpc;

import dev.gatehouse.proto.oip.GRPCInferenceServiceGrpc;
import dev.gatehouse.proto.oip.ModelInferRequest;
import dev.gatehouse.proto.oip.ModelInferResponse;
import dev.gatehouse.proto.v1.PredictRequest;
import dev.gatehouse.proto.v1.PredictResponse;
import dev.gatehouse.proto.v1.PredictionServiceGrpc;
import dev.gatehouse.service.repository.Repository;
import dev.gatehouse.service.repository.ServedModel;
import dev.gatehouse.service.rpc.wire.EncodedMessage;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * The gRPC server: predictions, the Open Inference Protocol, health of the server and of each model
 * by name, and reflection.
 *
 * <p>Calls run on the event loops: a hop to another thread costs more than a cheap model's row.
 * What would hold up a loop, such as a heavy model or the decoding of images, goes to other
 * threads.
 */
public final class GrpcPort implements AutoCloseable {
  private final EventLoops loops;
  private final Decoding decoding;
  private final HealthStatusManager health;
  private final OpenStreams streams;
  private final Server server;

  private GrpcPort(
      EventLoops loops,
      Decoding decoding,
      HealthStatusManager health,
      OpenStreams streams,
      Server server) {
    this.loops = loops;
    this.decoding = decoding;
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
    EventLoops loops = new EventLoops(settings.threads());
    Decoding decoding = new Decoding(settings.threads(), settings.maxQueuedImages());
    HealthStatusManager health = new HealthStatusManager();
    for (ServedModel served : repository.served()) {
      health.setStatus(served.name(), ServingStatus.SERVING);
    }
    OpenStreams streams = new OpenStreams();
    Server server =
        loops
            .serving(NettyServerBuilder.forAddress(settings.address()))
            .directExecutor()
            .maxInboundMessageSize(settings.maxMessageBytes())
            .addService(predictions(repository, calls, decoding))
            .addService(openInference(repository, calls, settings.serverVersion(), ready))
            .addService(ServerInterceptors.intercept(health.getHealthService(), streams))
            .addService(
                ServerInterceptors.intercept(ProtoReflectionServiceV1.newInstance(), streams))
            .build();
    try {
      server.start();
    } catch (IOException | RuntimeException e) {
      decoding.close();
      loops.close();
      throw e;
    }
    return new GrpcPort(loops, decoding, health, streams, server);
  }

  private static ServerServiceDefinition predictions(
      Repository repository, CallListener calls, Decoding decoding) {
    MethodDescriptor<PredictRequest, PredictResponse> predict =
        PredictionServiceGrpc.getPredictMethod();
    return DeferredMethods.with(
        ServerInterceptors.intercept(new PredictionRpc(repository), new CallTiming(calls)),
        predict,
        new PredictMarshaller(),
        predict.getResponseMarshaller(),
        new Deferred<>(new Predict(repository, decoding), CallTiming.method(predict), calls));
  }

  private static ServerServiceDefinition openInference(
      Repository repository, CallListener calls, String version, BooleanSupplier ready) {
    MethodDescriptor<ModelInferRequest, ModelInferResponse> infer =
        GRPCInferenceServiceGrpc.getModelInferMethod();
    return DeferredMethods.with(
        ServerInterceptors.intercept(
            new OpenInferenceRpc(repository, version, ready), new CallTiming(calls)),
        infer,
        new InferMarshaller(),
        EncodedMessage.MARSHALLER,
        new Deferred<>(
            new ModelInfer(new NamedModels(repository)), CallTiming.method(infer), calls));
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
   * arrived finish within {@code grace}; what is left then is cut off. To be closed afterwards,
   * once the threads that answer calls have ended: they may still be at the end of one.
   *
   * @return true when every call finished
   */
  public boolean drain(Duration grace) throws InterruptedException {
    notServing();
    server.shutdown();
    streams.closeAll();
    boolean finished = server.awaitTermination(grace.toNanos(), TimeUnit.NANOSECONDS);
    server.shutdownNow();
    return finished;
  }

  /** Cuts off every call; a second call does nothing. */
  @Override
  public void close() {
    server.shutdownNow();
    decoding.close();
    loops.close();
  }
}
