package dev.gatehouse.exporter.functional;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.engine.pipeline.MoeModel;
import dev.gatehouse.engine.tensor.Routing;
import dev.gatehouse.engine.tensor.Rows;
import dev.gatehouse.exporter.Exporter;
import dev.gatehouse.exporter.lower.GraphForm;
import dev.gatehouse.exporter.lower.Lowering;
import dev.gatehouse.exporter.parity.PortableModel;
import dev.gatehouse.exporter.reference.TinyBundles;
import dev.gatehouse.exporter.reference.TinyRun;
import dev.gatehouse.exporter.reference.TinyVariants;
import dev.gatehouse.exporter.testing.BundleCopies;
import dev.gatehouse.exporter.testing.OnnxFiles;
import dev.gatehouse.proto.bundle.Bundle;
import dev.gatehouse.proto.network.RoutingRule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Evidence from outside that an expert that was not chosen does not run: with all of its weights
 * NaN, rows that were routed elsewhere keep every bit, and rows that were routed to it become NaN.
 */
class SparsityProofTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "tiny-top1, 0",
    "tiny-top1, 1",
    "tiny-top1, 2",
    "tiny-top2, 0",
    "tiny-top2, 1",
    "tiny-top2, 2",
    "tiny-certified, 0",
    "tiny-certified, 1",
    "tiny-certified, 2"
  })
  void shouldRunNothingOfAnExpertThatWasNotChosen(String name, int poisoned) throws Exception {
    prove(TinyBundles.run(name), poisoned);
  }

  @ParameterizedTest
  @CsvSource({"NORMALISED, 1, 0", "NORMALISED, 2, 1", "NOISY, 1, 2", "NOISY, 2, 0", "PLAIN, 2, 1"})
  void shouldRunNothingOfAnExpertThatWasNotChosenInAnyForm(
      TinyVariants variant, int k, int poisoned) throws Exception {
    prove(variant.run(k, 1), poisoned);
  }

  private void prove(TinyRun run, int poisoned) throws IOException {
    String name = run.run().id();
    Bundle sound =
        Exporter.export(run.write(folder.resolve("run")), folder.resolve("models"), name, 1)
            .bundle();
    Bundle broken = poison(sound, run.withNanExpert(poisoned), poisoned);
    Rows rows = Rows.ofUint8(run.rows().size(), run.rows().tensor().data());
    int classes = sound.manifest().classes().size();

    try (MoeModel before = MoeModel.open(sound.path());
        MoeModel after = MoeModel.open(broken.path());
        PortableModel portableBefore = portable(sound);
        PortableModel portableAfter = portable(broken)) {
      boolean[] hit = hits(before.predict(rows).routing(), poisoned);
      proof(
          hit, before.predict(rows).probabilities(), after.predict(rows).probabilities(), classes);
      if (sound.manifest().rule() instanceof RoutingRule.Certified) {
        // One graph cannot stop early: it is the dense model.
        Arrays.fill(hit, true);
      }
      proof(
          hit,
          portableBefore.run(rows).probabilities(),
          portableAfter.run(rows).probabilities(),
          classes);
    }
  }

  private Bundle poison(Bundle sound, TinyRun broken, int e) throws IOException {
    Lowering graphs = Lowering.of(broken.run(), broken.weights(), GraphForm.FLOATS);
    return BundleCopies.copy(
        sound,
        folder.resolve("poisoned"),
        copy -> {
          OnnxFiles.write(graphs.portable(), copy.resolve("model.onnx"));
          OnnxFiles.write(graphs.expert(e), copy.resolve("experts/%03d.onnx".formatted(e)));
        });
  }

  private static PortableModel portable(Bundle bundle) {
    return PortableModel.open(
        bundle.file(bundle.manifest().graphs().portable()), bundle.manifest());
  }

  private static boolean[] hits(Routing routing, int expert) {
    int rows = routing.rows();
    int[] chosen = routing.expertIndices();
    boolean[] hit = new boolean[rows];
    for (int pair = 0; pair < chosen.length; pair++) {
      hit[pair / routing.k()] |= chosen[pair] == expert;
    }
    int sum = 0;
    for (boolean h : hit) {
      sum += h ? 1 : 0;
    }
    assertThat(sum).as("rows routed to the expert").isBetween(1, rows - 1);
    return hit;
  }

  private static void proof(boolean[] hit, float[] before, float[] after, int classes) {
    for (int row = 0; row < hit.length; row++) {
      int[] was = bits(before, row, classes);
      int[] is = bits(after, row, classes);
      if (hit[row]) {
        assertThat(after[row * classes]).as("row %d, routed to it", row).isNaN();
      } else {
        assertThat(is).as("row %d, routed elsewhere", row).containsExactly(was);
      }
    }
  }

  private static int[] bits(float[] values, int row, int classes) {
    float[] part = Arrays.copyOfRange(values, row * classes, (row + 1) * classes);
    int[] bits = new int[classes];
    for (int c = 0; c < classes; c++) {
      bits[c] = Float.floatToRawIntBits(part[c]);
    }
    return bits;
  }
}
