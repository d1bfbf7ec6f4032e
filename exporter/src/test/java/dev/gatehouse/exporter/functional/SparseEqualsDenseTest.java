package dev.gatehouse.exporter.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.gatehouse.engine.pipeline.MoeModel;
import dev.gatehouse.engine.tensor.Prediction;
import dev.gatehouse.engine.tensor.Routing;
import dev.gatehouse.engine.tensor.Rows;
import dev.gatehouse.exporter.Exporter;
import dev.gatehouse.exporter.parity.PortableAnswer;
import dev.gatehouse.exporter.parity.PortableModel;
import dev.gatehouse.exporter.reference.ReferenceModel;
import dev.gatehouse.exporter.reference.TinyRun;
import dev.gatehouse.exporter.reference.TinyVariants;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.bundle.Bundle;
import dev.gatehouse.proto.bundle.Manifest;
import dev.gatehouse.proto.network.ModelSpec;
import dev.gatehouse.proto.network.RoutingRule;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random numbers of experts, k, temperatures, batches and routings: what each form of a model
 * answers, sparse or dense, is what plain loops over every expert answer; under a certified rule
 * the label is.
 */
class SparseEqualsDenseTest {
  private static final int CASES = 6;
  private static final double TIE = 1e-5;

  @ParameterizedTest
  @EnumSource
  void shouldAnswerAsEveryExpertWouldUnderTheRule(TinyVariants variant, @TempDir Path folder)
      throws Exception {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    int exported = 0;
    for (int i = 0; exported < CASES; i++) {
      assertThat(i).as("seed " + seed + ": models that may be exported").isLessThan(4 * CASES);
      int experts = 2 + random.nextInt(9);
      int k = 1 + random.nextInt(experts);
      ModelSpec model = variant.model(experts, random);
      String about = "seed " + seed + ", case " + i + ", M " + experts + ", k " + k;
      TinyRun run = TinyRun.of("case-" + i, model, variant.rule(k), random.nextLong());
      try {
        Bundle bundle =
            Exporter.export(run.write(folder.resolve("run-" + i)), folder, "case-" + i, 1).bundle();
        assertThat(bundle.manifest().routing() == Manifest.Routing.SPARSE)
            .isEqualTo(variant.sparse());
        compare(run, bundle, rows(random), about);
        exported++;
      } catch (BadInput e) {
        // Random weights may leave experts alike, whom nobody could tell apart: export refuses.
        assertThat(e).as(about).hasMessageContaining("at a routing tie");
      } catch (RuntimeException e) {
        throw new AssertionError(about, e);
      }
    }
  }

  /** 1 to 300 rows, some of them the same, some black. */
  private static float[] rows(Random random) {
    int count = 1 + random.nextInt(random.nextBoolean() ? 4 : 300);
    float[] values = new float[count * 64];
    for (int row = 0; row < count; row++) {
      switch (random.nextInt(4)) {
        case 0 -> Arrays.fill(values, row * 64, (row + 1) * 64, 0);
        case 1 -> System.arraycopy(values, 0, values, row * 64, 64);
        default -> {
          for (int p = 0; p < 64; p++) {
            values[row * 64 + p] = random.nextInt(256);
          }
        }
      }
    }
    return values;
  }

  private static void compare(TinyRun run, Bundle bundle, float[] values, String about) {
    int count = values.length / 64;
    ReferenceModel reference = new ReferenceModel(run.run().model(), run.weights());
    Rows rows = Rows.of(count, values);
    try (MoeModel engine = MoeModel.open(bundle.path());
        PortableModel portable = PortableModel.open(bundle.file("model.onnx"), bundle.manifest())) {
      Prediction served = engine.predict(rows);
      PortableAnswer whole = portable.run(rows);
      for (int row = 0; row < count; row++) {
        float[] raw = Arrays.copyOfRange(values, row * 64, (row + 1) * 64);
        ReferenceModel.Answer expected = reference.answer(raw, run.run().serving());
        String where = about + ", row " + row;
        same(served.routing().gateProbabilities(), expected.gate(), row, where);
        same(whole.gateProbabilities(), expected.gate(), row, where);
        ReferenceModel.Answer inOneGraph = reference.answer(raw, run.run().serving().inOneGraph());
        if (!tied(inOneGraph.gate(), inOneGraph.chosen().length)) {
          same(whole.probabilities(), inOneGraph.output(), row, where);
        }
        if (run.run().serving() instanceof RoutingRule.Certified) {
          certified(served, row, expected, inOneGraph.output(), where);
        } else if (!tied(expected.gate(), expected.chosen().length)) {
          same(served.probabilities(), expected.output(), row, where);
        }
      }
    }
  }

  private static void certified(
      Prediction served, int row, ReferenceModel.Answer expected, double[] dense, String where) {
    int label = served.classIndices()[row];
    double most = Arrays.stream(dense).max().orElseThrow();
    assertThat(dense[label]).as(where).isCloseTo(most, within(TIE));
    boolean tied = expected.margin() < TIE;
    for (int k = 1; k < expected.gate().length; k++) {
      tied |= tied(expected.gate(), k);
    }
    if (!tied) {
      Routing routing = served.routing();
      int from = row * routing.k();
      assertThat(Arrays.copyOfRange(routing.expertIndices(), from, from + routing.count(row)))
          .as(where)
          .containsExactly(expected.chosen());
      same(served.probabilities(), expected.output(), row, where);
    }
  }

  private static void same(float[] all, double[] expected, int row, String where) {
    for (int i = 0; i < expected.length; i++) {
      assertThat(all[row * expected.length + i])
          .as(where)
          .isCloseTo((float) expected[i], within(1e-5f));
    }
  }

  private static boolean tied(double[] gate, int k) {
    double[] sorted = gate.clone();
    Arrays.sort(sorted);
    return k < sorted.length && sorted[sorted.length - k] - sorted[sorted.length - k - 1] < TIE;
  }
}
