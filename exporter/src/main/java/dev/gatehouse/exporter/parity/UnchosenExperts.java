package dev.gatehouse.exporter.parity;

import dev.gatehouse.engine.gate.Choice;
import dev.gatehouse.engine.tensor.Rows;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.bundle.Bundle;
import dev.gatehouse.proto.bundle.Manifest;
import dev.gatehouse.proto.bundle.SelfTest;
import java.util.BitSet;

/**
 * The experts of a sparse bundle that no row of the self-test chooses. Nobody recorded what they
 * say, so they are held to what any expert does: it runs, and gives probabilities.
 */
final class UnchosenExperts {
  /** Of many experts most may go unchosen; so many rows show one that is broken. */
  private static final int MOST_ROWS = 16;

  private UnchosenExperts() {}

  /**
   * Runs each of them over the self-test's first rows, {@value #MOST_ROWS} at most, at once.
   *
   * @throws BadInput when one gives no probabilities, or its graph cannot be loaded
   */
  static void require(Bundle bundle) {
    Manifest manifest = bundle.manifest();
    if (manifest.routing() == Manifest.Routing.DENSE) {
      return;
    }
    SelfTest test = bundle.selfTest();
    BitSet chosen = chosen(test);
    Rows rows = RawRows.of(test.rows(), 0, Math.min(MOST_ROWS, test.size()));
    for (int e = chosen.nextClearBit(0); e < test.experts(); e = chosen.nextClearBit(e + 1)) {
      require(bundle, manifest.graphs().experts().get(e), rows);
    }
  }

  private static BitSet chosen(SelfTest test) {
    BitSet chosen = new BitSet(test.experts());
    int[] experts =
        Choice.choose(test.rule(), test.size(), test.experts(), test.gateProbabilities())
            .expertIndices();
    for (int e : experts) {
      chosen.set(e);
    }
    return chosen;
  }

  private static void require(Bundle bundle, String file, Rows rows) {
    Manifest manifest = bundle.manifest();
    int classes = manifest.classes().size();
    try (PartModel expert =
        PartModel.open(bundle.file(file), manifest.input(), Manifest.PROBABILITIES, classes)) {
      int row = ProbabilityRows.firstWithout(expert.run(rows), classes);
      if (row >= 0) {
        throw new BadInput(
            "%s: gives no probabilities: row %d of the self-test is not from 0 to 1 and 1 in sum"
                .formatted(file, row));
      }
    }
  }
}
