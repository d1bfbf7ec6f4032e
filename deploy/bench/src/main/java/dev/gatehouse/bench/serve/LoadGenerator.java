package dev.gatehouse.bench.serve;

import dev.gatehouse.proto.cli.ChildJvm;
import dev.gatehouse.proto.file.Json;
import dev.gatehouse.proto.oip.GRPCInferenceServiceGrpc;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * A process that sends {@code ModelInfer} requests, over one connection a server.
 *
 * <p>In a closed loop a new request goes out when an answer came, which shows the rate. In an open
 * loop they go out on time whatever the server does, and a latency counts from when its request
 * should have gone, so that a stall is felt by all that waited behind it (G. Tene, "How NOT to
 * Measure Latency", on coordinated omission).
 */
final class LoadGenerator {
  private static final MethodDescriptor<byte[], byte[]> INFER =
      GRPCInferenceServiceGrpc.getModelInferMethod().toBuilder(RawBytes.INSTANCE, RawBytes.INSTANCE)
          .build();

  /** Requests that are late go out by so many; answers are read between. */
  private static final int AT_ONCE = 16;

  private final Map<Integer, ManagedChannel> channels = new HashMap<>();
  private final EventLoopGroup loop = Loops.one();
  private final List<byte[]> requests;
  private final AtomicInteger next = new AtomicInteger();

  private LoadGenerator(List<byte[]> requests) {
    this.requests = requests;
  }

  /**
   * The process.
   *
   * @param arguments the file of requests, which are sent in turn
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    ChildJvm.endWithParent();
    LoadGenerator generator = new LoadGenerator(Requests.read(Path.of(arguments[0])));
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      LoadOrder order = Json.parse(line, LoadOrder.class, "an order");
      System.out.println(Json.line(generator.run(order)));
    }
    System.exit(0);
  }

  private LoadSeen run(LoadOrder order) throws InterruptedException {
    ManagedChannel channel = channels.computeIfAbsent(order.port(), this::connect);
    return order.inFlight() > 0
        ? closed(channel, order.inFlight(), order.seconds())
        : open(channel, order.rate(), order.seconds());
  }

  private ManagedChannel connect(int port) {
    return NettyChannelBuilder.forAddress("127.0.0.1", port)
        .usePlaintext()
        .directExecutor()
        .eventLoopGroup(loop)
        .channelType(Loops.channel())
        .build();
  }

  private LoadSeen closed(ManagedChannel channel, int inFlight, double seconds)
      throws InterruptedException {
    Run run = new Run(channel, inFlight, seconds);
    for (int i = 0; i < inFlight; i++) {
      send(run, System.nanoTime(), true);
    }
    return run.await();
  }

  private LoadSeen open(ManagedChannel channel, double rate, double seconds)
      throws InterruptedException {
    int count = (int) Math.max(1, rate * seconds);
    Run run = new Run(channel, count, seconds);
    loop.execute(() -> sendDue(run, 0, 1e9 / rate));
    return run.await();
  }

  /**
   * Sends what is due from request {@code from} on, and comes back when more is. It runs on the
   * event loop, so that no thread has to be woken for a request.
   *
   * @param distance nanoseconds between two requests
   */
  private void sendDue(Run run, int from, double distance) {
    int i = from;
    long now = System.nanoTime();
    for (; i < run.open; i++) {
      long due = run.start + (long) (i * distance);
      if (due - now > 0) {
        int next = i;
        Future<?> unused =
            loop.schedule(() -> sendDue(run, next, distance), due - now, TimeUnit.NANOSECONDS);
        return;
      }
      if (i - from == AT_ONCE) {
        int next = i;
        loop.execute(() -> sendDue(run, next, distance));
        return;
      }
      send(run, due, false);
    }
  }

  private static final class Run {
    final ManagedChannel channel;
    final long start = System.nanoTime();
    final long end;
    final int open;
    final Histogram latency = new ConcurrentHistogram(3);
    final Semaphore ended = new Semaphore(0);
    final AtomicReference<@Nullable String> failure = new AtomicReference<>();

    Run(ManagedChannel channel, int open, double seconds) {
      this.channel = channel;
      this.open = open;
      this.end = start + (long) (seconds * 1e9);
    }

    LoadSeen await() throws InterruptedException {
      ended.acquire(open);
      double seconds = (System.nanoTime() - start) / 1e9;
      return new LoadSeen(
          latency.getTotalCount(), seconds, micros(50), micros(99), micros(99.9), failure.get());
    }

    private double micros(double percentile) {
      return latency.getValueAtPercentile(percentile) / 1e3;
    }
  }

  private void send(Run run, long due, boolean again) {
    int turn = next.getAndIncrement() & Integer.MAX_VALUE;
    ClientCall<byte[], byte[]> call = run.channel.newCall(INFER, CallOptions.DEFAULT);
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onClose(Status status, Metadata trailers) {
            long now = System.nanoTime();
            if (status.isOk()) {
              run.latency.recordValue(Math.max(1, now - due));
            } else {
              run.failure.compareAndSet(null, status.toString());
            }
            if (again && status.isOk() && now - run.end < 0) {
              send(run, now, true);
            } else {
              run.ended.release();
            }
          }
        },
        new Metadata());
    call.request(2);
    call.sendMessage(requests.get(turn % requests.size()));
    call.halfClose();
  }
}
