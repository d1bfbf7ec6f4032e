package dev.gatehouse.service.functional;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.gatehouse.proto.v1.PredictRequest;
import dev.gatehouse.proto.v1.PredictionServiceGrpc;
import dev.gatehouse.proto.v1.Tensor;
import dev.gatehouse.service.testing.Golden;
import dev.gatehouse.service.testing.ServeProcess;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.net.ConnectException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** SIGTERM during a stream of requests, to a server in a process of its own. */
class DrainTest {
  private static final int SENDERS = 4;
  private static final int ROWS = 5_000;

  @Test
  void shouldAnswerWhatItAcceptedAndExitWithZero() throws Exception {
    ExecutorService senders = Executors.newFixedThreadPool(SENDERS);
    try (ServeProcess server = ServeProcess.start(Golden.MODELS)) {
      CountDownLatch underWay = new CountDownLatch(5 * SENDERS);
      List<Future<StatusRuntimeException>> refusals = new ArrayList<>();
      for (int i = 0; i < SENDERS; i++) {
        refusals.add(senders.submit(() -> sendUntilRefused(server.grpcPort(), underWay)));
      }
      assertThat(underWay.await(60, TimeUnit.SECONDS)).isTrue();

      server.process().toHandle().destroy();

      for (Future<StatusRuntimeException> refusal : refusals) {
        requireNeverAccepted(refusal.get(60, TimeUnit.SECONDS));
      }
      assertThat(server.process().waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(server.process().exitValue()).isZero();
    } finally {
      senders.shutdownNow();
    }
  }

  /** Sends request after request, each over the same connection; returns what ended it. */
  private static StatusRuntimeException sendUntilRefused(int port, CountDownLatch underWay) {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    PredictRequest request =
        PredictRequest.newBuilder()
            .setModel(Golden.TOP1)
            .setTensor(
                Tensor.newBuilder()
                    .setRows(ROWS)
                    .setUint8(ByteString.copyFrom(new byte[ROWS * 64])))
            .build();
    try {
      while (true) {
        int answers =
            PredictionServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(60, TimeUnit.SECONDS)
                .predict(request)
                .getPredictionsCount();
        assertThat(answers).isEqualTo(ROWS);
        underWay.countDown();
      }
    } catch (StatusRuntimeException e) {
      return e;
    } finally {
      channel.shutdownNow();
    }
  }

  /** A request ends without an answer only when no connection took it any more. */
  private static void requireNeverAccepted(StatusRuntimeException refusal) {
    assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(refusal).as(String.valueOf(refusal)).hasRootCauseInstanceOf(ConnectException.class);
  }
}
