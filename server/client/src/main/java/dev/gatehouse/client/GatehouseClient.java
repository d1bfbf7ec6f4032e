package dev.gatehouse.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.cli.Unavailable;
import dev.gatehouse.proto.oip.GRPCInferenceServiceGrpc;
import dev.gatehouse.proto.oip.ServerReadyRequest;
import dev.gatehouse.proto.v1.DescribeRequest;
import dev.gatehouse.proto.v1.Images;
import dev.gatehouse.proto.v1.PredictRequest;
import dev.gatehouse.proto.v1.PredictResponse;
import dev.gatehouse.proto.v1.PredictionServiceGrpc;
import dev.gatehouse.proto.v1.Tensor;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Asks one server, over one connection that is opened with the first call. Thread-safe.
 *
 * <p>Every call throws {@link BadInput} with the server's words when the server refuses what was
 * asked, and {@link Unavailable} when it cannot be reached, stops, or is too slow.
 */
public final class GatehouseClient implements AutoCloseable {
  /** How long a call may take unless said otherwise. */
  public static final Duration DEFAULT_DEADLINE = Duration.ofSeconds(30);

  private static final int MAX_MESSAGE_BYTES = 64 << 20;

  private final Target target;
  private final Duration deadline;
  private final ManagedChannel channel;

  private GatehouseClient(Target target, Duration deadline) {
    this.target = target;
    this.deadline = deadline;
    this.channel =
        NettyChannelBuilder.forAddress(target.host(), target.port())
            .usePlaintext()
            .maxInboundMessageSize(MAX_MESSAGE_BYTES)
            .build();
  }

  /** A client of the server at {@code HOST:PORT}, with {@link #DEFAULT_DEADLINE}. */
  public static GatehouseClient connect(String target) {
    return connect(Target.parse(target), DEFAULT_DEADLINE);
  }

  /**
   * A client of the server at {@code target}.
   *
   * @param deadline how long a call may take
   */
  public static GatehouseClient connect(Target target, Duration deadline) {
    if (deadline.isNegative() || deadline.isZero()) {
      throw new BadInput("a deadline is above 0; deadline=" + deadline);
    }
    return new GatehouseClient(target, deadline);
  }

  /** What the server says of the model that {@code query} asks; its routing does not matter. */
  public ModelDescription describe(Query query) {
    DescribeRequest request =
        DescribeRequest.newBuilder().setModel(query.model()).setVersion(query.version()).build();
    return ModelDescription.of(answered(() -> predictions().describe(request)));
  }

  /** Predicts images in PNG or JPEG format, each of exactly the model's height and width. */
  public PredictResponse predictImages(Query query, List<byte[]> images) {
    List<ByteString> encoded = images.stream().map(ByteString::copyFrom).toList();
    return predict(request(query).setImages(Images.newBuilder().addAllEncoded(encoded)).build());
  }

  /**
   * Predicts rows of raw bytes.
   *
   * @param values {@code [rows, shape]}, row-major, before normalisation
   */
  public PredictResponse predictUint8(Query query, int rows, byte[] values) {
    ByteString bytes = ByteString.copyFrom(values);
    return predict(
        request(query).setTensor(Tensor.newBuilder().setRows(rows).setUint8(bytes)).build());
  }

  /**
   * Predicts rows of raw floats.
   *
   * @param values {@code [rows, shape]}, row-major, before normalisation
   */
  public PredictResponse predictFp32(Query query, int rows, float[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(values.length, Float.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    ByteString floats = UnsafeByteOperations.unsafeWrap(bytes);
    return predict(
        request(query).setTensor(Tensor.newBuilder().setRows(rows).setFp32(floats)).build());
  }

  /**
   * Waits until the server takes traffic.
   *
   * @throws Unavailable when it does not within {@code timeout}
   */
  public void awaitReady(Duration timeout) {
    boolean ready =
        answered(
            () ->
                GRPCInferenceServiceGrpc.newBlockingStub(channel)
                    .withWaitForReady()
                    .withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS)
                    .serverReady(ServerReadyRequest.getDefaultInstance())
                    .getReady());
    if (!ready) {
      throw Refusals.of(
          target, Status.UNAVAILABLE.withDescription("it is stopping").asRuntimeException());
    }
  }

  /** Closes the connection; a call under way ends as unavailable. A second call does nothing. */
  @Override
  public void close() {
    channel.shutdownNow();
  }

  private static PredictRequest.Builder request(Query query) {
    return PredictRequest.newBuilder()
        .setModel(query.model())
        .setVersion(query.version())
        .setRouting(query.routing());
  }

  private PredictResponse predict(PredictRequest request) {
    return answered(() -> predictions().predict(request));
  }

  private PredictionServiceGrpc.PredictionServiceBlockingStub predictions() {
    return PredictionServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(deadline.toNanos(), TimeUnit.NANOSECONDS);
  }

  private <A> A answered(Supplier<A> call) {
    try {
      return call.get();
    } catch (StatusRuntimeException e) {
      throw Refusals.of(target, e);
    }
  }
}
