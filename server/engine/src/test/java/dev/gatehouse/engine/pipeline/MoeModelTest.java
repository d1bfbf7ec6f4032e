package dev.gatehouse.engine.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.gatehouse.engine.pipeline.PredictionListener.Computed;
import dev.gatehouse.engine.tensor.Prediction;
import dev.gatehouse.engine.tensor.Routing;
import dev.gatehouse.engine.tensor.Rows;
import dev.gatehouse.engine.testing.Bundles;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.bundle.Parity;
import dev.gatehouse.proto.bundle.SelfTest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class MoeModelTest {
  static final List<String> ALL = Bundles.ALL;
  private static final int PIXELS = 64;

  private static byte[] pixels(int rows, Random random) {
    byte[] pixels = new byte[rows * PIXELS];
    random.nextBytes(pixels);
    return pixels;
  }

  private static Rows rows(byte[] pixels) {
    return Rows.ofUint8(pixels.length / PIXELS, ByteBuffer.wrap(pixels));
  }

  @ParameterizedTest
  @FieldSource("ALL")
  void shouldAnswerTheSelfTestAsTheTrainedModelDid(String name) {
    try (MoeModel model = MoeModel.open(Bundles.of(name))) {
      Parity parity = model.selfTest();

      assertThat(parity.rows()).isEqualTo(64);
      assertThat(parity.require(name).maxAbsDiff()).isLessThan(1e-5);
    }
  }

  @ParameterizedTest
  @FieldSource("ALL")
  void shouldAnswerARowAloneAsInABatch(String name) {
    byte[] pixels = pixels(40, new Random(3));
    try (MoeModel model = MoeModel.open(Bundles.of(name))) {
      Prediction batch = model.predict(rows(pixels));
      for (int row = 0; row < 40; row++) {
        byte[] one = Arrays.copyOfRange(pixels, row * PIXELS, (row + 1) * PIXELS);
        Prediction alone = model.predict(rows(one));
        for (int c = 0; c < 4; c++) {
          assertThat(alone.probabilities()[c])
              .isCloseTo(batch.probabilities()[row * 4 + c], within(1e-6f));
        }
      }
    }
  }

  @ParameterizedTest
  @FieldSource("ALL")
  void shouldAnswerMoreRowsThanOneRunTakesAsItAnswersFew(String name) {
    int many = 1_500;
    byte[] pixels = pixels(many, new Random(3));
    try (MoeModel model = MoeModel.open(Bundles.of(name))) {
      Prediction all = model.predict(rows(pixels));
      for (int from = 0; from < many; from += 50) {
        byte[] few = Arrays.copyOfRange(pixels, from * PIXELS, (from + 50) * PIXELS);
        Prediction part = model.predict(rows(few));
        for (int i = 0; i < 50 * 4; i++) {
          assertThat(all.probabilities()[from * 4 + i])
              .as("row %d", from + i / 4)
              .isCloseTo(part.probabilities()[i], within(1e-5f));
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "tiny-top1, 1, THE_CHOSEN",
    "tiny-top2, 2, THE_CHOSEN",
    "tiny-dense, 1, EVERY_EXPERT",
    "tiny-dense-top2, 2, EVERY_EXPERT"
  })
  void shouldSayWhichExpertsComputedWhichRows(String name, int k, Computed expected) {
    List<Computed> computed = new ArrayList<>();
    List<Routing> routings = new ArrayList<>();
    EngineOptions options =
        EngineOptions.defaults()
            .withListener(
                (routing, experts) -> {
                  routings.add(routing);
                  computed.add(experts);
                });
    Prediction prediction;
    try (MoeModel model = MoeModel.open(Bundles.of(name), options)) {
      model.selfTest();
      prediction = model.predict(rows(pixels(7, new Random(5))));
    }

    assertThat(computed).as("the self-test is not counted").containsExactly(expected);
    assertThat(routings).containsExactly(prediction.routing());
    assertThat(routings.get(0).expertIndices()).as("its hits").hasSize(7 * k);
  }

  @Test
  void shouldGiveEveryRowTheLabelOfEveryExpertTogether() {
    try (MoeModel model = MoeModel.open(Bundles.of("tiny-certified"))) {
      SelfTest dense = model.recordedRows();
      Prediction served = model.predict(Rows.ofUint8(dense.size(), dense.rows().data()));

      int[] rowsByExperts = new int[4];
      for (int row = 0; row < dense.size(); row++) {
        Routing routing = served.routing();
        float[] y = Arrays.copyOfRange(dense.outputs(), row * 4, (row + 1) * 4);
        float[] gate = Arrays.copyOfRange(dense.gateProbabilities(), row * 3, (row + 1) * 3);
        float left = 1;
        for (int i = 0; i < routing.count(row); i++) {
          left -= gate[routing.expertIndices()[row * 3 + i]];
        }
        for (int i = 0; i < 3; i++) {
          boolean ran = i < routing.count(row);
          assertThat(routing.expertIndices()[row * 3 + i]).isBetween(ran ? 0 : -1, ran ? 2 : -1);
          assertThat(routing.expertWeights()[row * 3 + i] > 0).isEqualTo(ran);
        }
        for (int c = 0; c < 4; c++) {
          assertThat(y[c]).isLessThanOrEqualTo(y[served.classIndices()[row]]);
          assertThat(served.probabilities()[row * 4 + c]).isCloseTo(y[c], within(left + 1e-5f));
        }
        rowsByExperts[routing.count(row)]++;
      }
      assertThat(rowsByExperts)
          .as("rows by the experts that they needed")
          .containsExactly(0, 17, 21, 26);
    }
  }

  @Test
  void shouldPadTheRoutingOfACertifiedRowByItsOwnBatchAlone() {
    try (MoeModel model = MoeModel.open(Bundles.of("tiny-certified"))) {
      SelfTest test = model.recordedRows();
      Prediction all = model.predict(Rows.ofUint8(test.size(), test.rows().data()));
      for (int row = 0; row < test.size(); row++) {
        byte[] one = new byte[PIXELS];
        test.rows().data().get(row * PIXELS, one);
        Routing alone = model.predict(rows(one)).routing();
        Routing part = all.part(row, 1).routing();

        assertThat(alone.k()).isEqualTo(all.routing().count(row));
        assertThat(part.expertIndices()).containsExactly(alone.expertIndices());
        assertThat(part.k()).isEqualTo(alone.k());
        assertThat(alone.expertIndices()).doesNotContain(Routing.NO_EXPERT);
      }
    }
  }

  @ParameterizedTest
  @FieldSource("ALL")
  void shouldAnswerNoRowsWithNothing(String name) {
    try (MoeModel model = MoeModel.open(Bundles.of(name))) {
      Prediction answer = model.predict(Rows.of(0, new float[0]));

      assertThat(answer.rows()).isZero();
      assertThat(answer.probabilities()).isEmpty();
    }
  }

  @Test
  void shouldGiveOneAnswerToBytesAndFloatsOfOneImage() {
    byte[] pixels = pixels(1, new Random(8));
    ByteBuffer floats = ByteBuffer.allocate(PIXELS * 4).order(ByteOrder.LITTLE_ENDIAN);
    for (byte pixel : pixels) {
      floats.putFloat(pixel & 0xff);
    }
    floats.flip();
    try (MoeModel model = MoeModel.open(Bundles.of("tiny-top1"))) {
      assertThat(model.predict(Rows.ofFp32(1, floats)).probabilities())
          .containsExactly(model.predict(rows(pixels)).probabilities());
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, -1, 255.5f})
  void shouldRefuseAValueThatNoImageHas(float value) {
    float[] values = new float[2 * PIXELS];
    values[PIXELS + 3] = value;
    try (MoeModel model = MoeModel.open(Bundles.of("tiny-top1"))) {
      assertThatThrownBy(() -> model.predict(Rows.of(2, values)))
          .isInstanceOf(BadInput.class)
          .hasMessage("image must be in [0.0, 255.0]; row 1 holds " + value + " at 3");
    }
  }

  @Test
  void shouldRefuseRowsOfAnotherLength() {
    try (MoeModel model = MoeModel.open(Bundles.of("tiny-top1"))) {
      assertThatThrownBy(() -> model.predict(Rows.of(2, new float[2 * 63])))
          .isInstanceOf(BadInput.class)
          .hasMessageContaining("64 values; got 63");
    }
  }

  @Test
  void shouldCloseTwiceAndThenRefuseInOneLine() {
    MoeModel model = MoeModel.open(Bundles.of("tiny-top1"));
    model.close();
    model.close();

    assertThatThrownBy(() -> model.predict(rows(new byte[PIXELS])))
        .isInstanceOf(BadInput.class)
        .hasMessage("the model tiny-top1 is closed");
  }

  @ParameterizedTest
  @FieldSource("ALL")
  void shouldLeaveAnAnswerAsItIsWhenLaterCallsUseTheSameMemory(String name) {
    Random random = new Random(5);
    try (MoeModel model = MoeModel.open(Bundles.of(name))) {
      // Then as many, and fewer: memory that is used again just fits, and is longer than needed.
      Prediction first = model.predict(rows(pixels(30, random)));
      float[] probabilities = first.probabilities().clone();
      float[] gate = first.routing().gateProbabilities().clone();
      model.predict(rows(pixels(30, random)));
      byte[] few = pixels(3, random);
      Prediction second = model.predict(rows(few));

      assertThat(first.probabilities()).containsExactly(probabilities);
      assertThat(first.routing().gateProbabilities()).containsExactly(gate);
      try (MoeModel fresh = MoeModel.open(Bundles.of(name))) {
        assertThat(second.probabilities())
            .containsExactly(fresh.predict(rows(few)).probabilities());
      }
    }
  }

  @Test
  void shouldReturnEachRowToItsCaller() throws Exception {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    ExecutorService callers = Executors.newFixedThreadPool(8);
    try (MoeModel model = MoeModel.open(Bundles.of("tiny-top2"))) {
      List<Callable<float[][]>> calls = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        byte[] pixels = pixels(1 + random.nextInt(20), random);
        float[] alone = model.predict(rows(pixels)).probabilities();
        calls.add(() -> new float[][] {alone, model.predict(rows(pixels)).probabilities()});
      }
      for (Future<float[][]> answer : callers.invokeAll(calls)) {
        assertThat(answer.get()[1]).as("seed %d", seed).containsExactly(answer.get()[0]);
      }
    } finally {
      callers.shutdownNow();
    }
  }
}
