package dev.gatehouse.exporter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.exporter.lower.ActivationRanges.Range;
import dev.gatehouse.exporter.reference.TinyModels;
import dev.gatehouse.exporter.reference.TinyRun;
import dev.gatehouse.proto.network.GateSpec;
import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.run.Run;
import java.util.List;
import org.junit.jupiter.api.Test;

class SeenRangesTest {
  private static final List<String> LAYERS =
      List.of("gate.trunk.3.", "experts.1.trunk.3.", "experts.10.trunk.3.", "experts.2.head.");

  private static Run run(RoutingRule rule) {
    GateSpec gate = new GateSpec.Softmax(TinyModels.gate());
    return TinyRun.of("many", TinyModels.mixture(TinyModels.grey(), 11, gate), rule, 1).run();
  }

  /** One row chooses expert 1, one expert 10; nobody expert 2. */
  private static SeenRanges seen(RoutingRule rule) {
    SeenRanges seen = new SeenRanges(run(rule), LAYERS);
    float[] gate = new float[22];
    gate[1] = 1;
    gate[11 + 10] = 1;
    float[][] least = {{-1, -2}, {-3, -4}, {-5, -6}, {-7, -8}};
    float[][] largest = {{1, 2}, {3, 4}, {5, 6}, {7, 8}};
    seen.add(2, gate, least, largest);
    return seen;
  }

  @Test
  void shouldSeeAnExpertsLayersOnTheRowsThatChoseIt() {
    assertThat(seen(new RoutingRule.TopK(1)).ranges().of())
        .containsEntry("gate.trunk.3.", new Range(-2, 2))
        .containsEntry("experts.1.trunk.3.", new Range(-3, 3))
        .containsEntry("experts.10.trunk.3.", new Range(-6, 6))
        .containsEntry("experts.2.head.", new Range(-8, 8));
  }

  @Test
  void shouldSeeEveryRowWhereEveryRowMayRunAnExpert() {
    for (RoutingRule rule : List.of(new RoutingRule.Dense(), new RoutingRule.Certified())) {
      assertThat(seen(rule).ranges().of())
          .containsEntry("experts.1.trunk.3.", new Range(-4, 4))
          .containsEntry("experts.10.trunk.3.", new Range(-6, 6));
    }
  }
}
