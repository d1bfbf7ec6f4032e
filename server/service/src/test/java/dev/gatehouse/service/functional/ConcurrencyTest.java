package dev.gatehouse.service.functional;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.gatehouse.proto.v1.PredictRequest;
import dev.gatehouse.proto.v1.PredictResponse;
import dev.gatehouse.proto.v1.Prediction;
import dev.gatehouse.proto.v1.PredictionServiceGrpc;
import dev.gatehouse.proto.v1.Tensor;
import dev.gatehouse.service.testing.Golden;
import dev.gatehouse.service.testing.RunningServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Many callers at once: each gets the answers to its own rows. */
class ConcurrencyTest {
  private static final long SEED = 20261124;
  private static final int REQUESTS = 400;

  @Test
  void shouldReturnEachRowToItsCaller() throws Exception {
    Golden golden = Golden.of(Golden.TOP2);
    try (RunningServer server = RunningServer.ofGolden()) {
      List<Prediction> alone = new ArrayList<>();
      for (int row = 0; row < golden.rows(); row++) {
        alone.add(server.predictions().predict(request(golden, List.of(row))).getPredictions(0));
      }
      Random random = new Random(SEED);
      List<List<Integer>> asked = new ArrayList<>();
      List<Future<PredictResponse>> answers = new ArrayList<>();
      var stub = PredictionServiceGrpc.newFutureStub(server.channel());
      for (int i = 0; i < REQUESTS; i++) {
        List<Integer> rows = random.ints(1 + i % 7, 0, golden.rows()).boxed().toList();
        asked.add(rows);
        answers.add(stub.predict(request(golden, rows)));
      }

      for (int i = 0; i < REQUESTS; i++) {
        PredictResponse answer = answers.get(i).get(30, TimeUnit.SECONDS);
        requireSame(answer, asked.get(i), alone, "seed " + SEED + ", request " + i);
      }
      double rows = asked.stream().mapToInt(List::size).sum() + golden.rows();
      assertThat(server.scrape().sum("gatehouse_rows_total")).isEqualTo(rows);
      assertThat(server.scrape().sum("gatehouse_expert_hits_total")).isEqualTo(2 * rows);
    }
  }

  private static void requireSame(
      PredictResponse answer, List<Integer> rows, List<Prediction> alone, String where) {
    assertThat(answer.getPredictionsCount()).as(where).isEqualTo(rows.size());
    for (int i = 0; i < rows.size(); i++) {
      Prediction expected = alone.get(rows.get(i));
      Prediction got = answer.getPredictions(i);
      assertThat(got.getRouting().getExpertIndicesList())
          .as(where)
          .isEqualTo(expected.getRouting().getExpertIndicesList());
      for (int c = 0; c < expected.getProbabilitiesCount(); c++) {
        // The batch's size may change the order of additions inside ONNX Runtime.
        assertThat(Math.abs(got.getProbabilities(c) - expected.getProbabilities(c)))
            .as(where)
            .isLessThan(1e-6f);
      }
    }
  }

  private static PredictRequest request(Golden golden, List<Integer> rows) {
    ByteString bytes = ByteString.EMPTY;
    for (int row : rows) {
      bytes = bytes.concat(ByteString.copyFrom(golden.row(row)));
    }
    return PredictRequest.newBuilder()
        .setModel(golden.manifest().name())
        .setTensor(Tensor.newBuilder().setRows(rows.size()).setUint8(bytes))
        .setRouting(true)
        .build();
  }
}
