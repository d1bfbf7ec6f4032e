package dev.gatehouse.service.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.ByteString;
import dev.gatehouse.engine.experts.ExpertMemory;
import dev.gatehouse.engine.pipeline.BatchLimits;
import dev.gatehouse.proto.bundle.Manifest;
import dev.gatehouse.proto.oip.GRPCInferenceServiceGrpc;
import dev.gatehouse.proto.oip.ModelInferRequest;
import dev.gatehouse.proto.oip.ModelInferResponse;
import dev.gatehouse.service.app.ComputeOptions;
import dev.gatehouse.service.app.ServerOptions;
import dev.gatehouse.service.testing.Golden;
import dev.gatehouse.service.testing.ModelsOnDisk;
import dev.gatehouse.service.testing.RunningServer;
import dev.gatehouse.service.testing.Scrape;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One expert in memory for a model of three: requests wait for workers, whose answers come from
 * other threads than those that read the requests, and some give up meanwhile.
 */
class ExpertMemoryTest {
  private static final int REQUESTS = 500;

  @Test
  void shouldAnswerEachCallerWithOneExpertInMemory(@TempDir Path folder) throws Exception {
    new ModelsOnDisk(folder).copy(Golden.TOP2, 1);
    Golden golden = Golden.of(Golden.TOP2);
    ServerOptions options =
        ServerOptions.of(folder)
            .withCompute(new ComputeOptions(2, BatchLimits.defaults(), oneExpert(golden)));
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    List<float[]> alone = new ArrayList<>();
    List<List<Integer>> asked = new ArrayList<>();
    List<ListenableFuture<ModelInferResponse>> answers = new ArrayList<>();
    int answered = 0;
    int rows = 0;
    try (RunningServer server = RunningServer.of(options)) {
      for (int row = 0; row < golden.rows(); row++) {
        alone.add(probabilities(server.inference().modelInfer(request(golden, List.of(row)))));
      }
      var stub = GRPCInferenceServiceGrpc.newFutureStub(server.channel());
      for (int i = 0; i < REQUESTS; i++) {
        List<Integer> some = random.ints(1 + random.nextInt(6), 0, golden.rows()).boxed().toList();
        asked.add(some);
        answers.add(
            (random.nextInt(4) == 0 ? stub.withDeadlineAfter(2, TimeUnit.MILLISECONDS) : stub)
                .modelInfer(request(golden, some)));
      }
      for (int i = 0; i < REQUESTS; i++) {
        try {
          float[] found = probabilities(answers.get(i).get(60, TimeUnit.SECONDS));
          requireSame(found, asked.get(i), alone, "seed " + seed + ", request " + i);
          answered++;
          rows += asked.get(i).size();
        } catch (ExecutionException e) {
          assertThat(((StatusRuntimeException) e.getCause()).getStatus().getCode())
              .as("seed %d", seed)
              .isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        }
      }
      assertThat(answered).as("seed %d", seed).isGreaterThanOrEqualTo(REQUESTS / 2);

      Scrape scrape = server.scrape();
      assertThat(scrape.sum("gatehouse_resident_experts")).isEqualTo(1);
      assertThat(scrape.sum("gatehouse_evicted_experts_total")).isPositive();
      assertThat(scrape.matching("gatehouse_batching_models", "policy", "per_expert")).hasSize(1);
      // Calls that their callers gave up may have been computed as well.
      assertThat(scrape.sum("gatehouse_rows_total"))
          .isGreaterThanOrEqualTo(rows + (double) golden.rows());
      assertThat(scrape.sum("gatehouse_expert_hits_total"))
          .isEqualTo(2 * scrape.sum("gatehouse_rows_total"));
    }
  }

  private static long oneExpert(Golden golden) {
    Manifest manifest = golden.manifest();
    return manifest.graphs().experts().stream()
        .mapToLong(file -> Objects.requireNonNull(manifest.files().get(file)).bytes())
        .map(ExpertMemory::loaded)
        .max()
        .orElseThrow();
  }

  private static ModelInferRequest request(Golden golden, List<Integer> rows) {
    ByteArrayOutputStream floats = new ByteArrayOutputStream();
    rows.forEach(row -> floats.writeBytes(Golden.asFp32(golden.row(row))));
    ModelInferRequest.Builder request =
        ModelInferRequest.newBuilder()
            .setModelName(Golden.TOP2)
            .addRawInputContents(ByteString.copyFrom(floats.toByteArray()));
    request
        .addInputsBuilder()
        .setName(golden.manifest().input().name())
        .setDatatype("FP32")
        .addShape(rows.size())
        .addShape(golden.rowLength());
    return request.build();
  }

  private static float[] probabilities(ModelInferResponse answer) {
    var raw =
        answer
            .getRawOutputContents(0)
            .asReadOnlyByteBuffer()
            .order(ByteOrder.LITTLE_ENDIAN)
            .asFloatBuffer();
    float[] probabilities = new float[raw.remaining()];
    raw.get(probabilities);
    return probabilities;
  }

  private static void requireSame(
      float[] found, List<Integer> rows, List<float[]> alone, String where) {
    int classes = alone.get(0).length;
    assertThat(found).as(where).hasSize(rows.size() * classes);
    for (int i = 0; i < found.length; i++) {
      assertThat(found[i])
          .as(where)
          .isCloseTo(alone.get(rows.get(i / classes))[i % classes], within(1e-6f));
    }
  }
}
