package dev.gatehouse.exporter;

import dev.gatehouse.engine.gate.Choice;
import dev.gatehouse.engine.tensor.Routing;
import dev.gatehouse.exporter.lower.ActivationRanges;
import dev.gatehouse.exporter.lower.ActivationRanges.Range;
import dev.gatehouse.proto.network.ModelSpec;
import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.run.Run;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The ranges of what flowed into layers so far. Where a row runs the chosen experts alone, those of
 * an expert's layers are of the rows that chose it, and of all rows only as long as none did.
 */
final class SeenRanges {
  private static final int EVERYBODY = -1;

  private final Run run;
  private final List<String> layers;

  /** The expert that each layer belongs to. */
  private final int[] owners;

  private final Map<String, Range> ofAll = new HashMap<>();
  private final Map<String, Range> ofOwn = new HashMap<>();

  SeenRanges(Run run, List<String> layers) {
    this.run = run;
    this.layers = layers;
    boolean sparse = run.serving() instanceof RoutingRule.TopK;
    this.owners =
        layers.stream().mapToInt(layer -> sparse ? owner(run, layer) : EVERYBODY).toArray();
  }

  private static int owner(Run run, String layer) {
    for (int e = 0; e < run.model().experts(); e++) {
      if (layer.startsWith(ModelSpec.expertPrefix(e) + ".")) {
        return e;
      }
    }
    return EVERYBODY;
  }

  /**
   * Adds a batch.
   *
   * @param gate {@code [rows, M]} probabilities
   * @param least {@code [layers][rows]}
   * @param largest {@code [layers][rows]}
   */
  void add(int rows, float[] gate, float[][] least, float[][] largest) {
    Routing routing = Choice.choose(run.serving(), rows, run.model().experts(), gate);
    for (int i = 0; i < layers.size(); i++) {
      for (int row = 0; row < rows; row++) {
        Range range = new Range(least[i][row], largest[i][row]);
        ofAll.merge(layers.get(i), range, Range::with);
        if (owners[i] == EVERYBODY || isChosen(routing, row, owners[i])) {
          ofOwn.merge(layers.get(i), range, Range::with);
        }
      }
    }
  }

  private static boolean isChosen(Routing routing, int row, int expert) {
    for (int slot = row * routing.k(); slot < (row + 1) * routing.k(); slot++) {
      if (routing.expertIndices()[slot] == expert) {
        return true;
      }
    }
    return false;
  }

  ActivationRanges ranges() {
    Map<String, Range> ranges = new HashMap<>(ofAll);
    ranges.putAll(ofOwn);
    return new ActivationRanges(ranges);
  }
}
