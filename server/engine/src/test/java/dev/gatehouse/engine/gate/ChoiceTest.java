package dev.gatehouse.engine.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.engine.tensor.Routing;
import dev.gatehouse.proto.network.RoutingRule;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChoiceTest {
  @Test
  void shouldWeighTheKeptProbabilitiesByTheirSum() {
    Routing routing =
        Choice.choose(new RoutingRule.TopK(2), 1, 4, new float[] {.125f, .5f, .125f, .25f});

    assertThat(routing.expertIndices()).containsExactly(1, 3);
    assertThat(routing.expertWeights()).containsExactly(.5f / .75f, .25f / .75f);
  }

  @Test
  void shouldGiveTheOnlyExpertTheWeightOneWhateverItsProbability() {
    Routing routing =
        Choice.choose(new RoutingRule.TopK(1), 2, 3, new float[] {.3f, .4f, .3f, .9f, .05f, .05f});

    assertThat(routing.expertIndices()).containsExactly(1, 0);
    assertThat(routing.expertWeights()).containsExactly(1f, 1f);
  }

  @Test
  void shouldTakeTheLowerIndexFirstAmongEquals() {
    Routing routing =
        Choice.choose(new RoutingRule.TopK(3), 1, 4, new float[] {.25f, .25f, .25f, .25f});

    assertThat(routing.expertIndices()).containsExactly(0, 1, 2);
  }

  @Test
  void shouldReportTheArgmaxWithItsProbabilityUnderADenseRule() {
    Routing routing =
        Choice.choose(new RoutingRule.Dense(), 1, 3, new float[] {.25f, .625f, .125f});

    assertThat(routing.k()).isEqualTo(1);
    assertThat(routing.expertIndices()).containsExactly(1);
    assertThat(routing.expertWeights()).containsExactly(.625f);
  }

  @Test
  void shouldChooseAsASortWouldOnRandomProbabilities() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 500; i++) {
      int experts = 1 + random.nextInt(40);
      int k = 1 + random.nextInt(experts);
      float[] p = new float[experts];
      for (int e = 0; e < experts; e++) {
        p[e] = random.nextInt(8) / 8f;
      }
      int[] sorted =
          IntStream.range(0, experts)
              .boxed()
              .sorted(Comparator.comparing((Integer e) -> -p[e]).thenComparing(e -> e))
              .limit(k)
              .mapToInt(Integer::intValue)
              .toArray();

      int[] chosen = Choice.choose(new RoutingRule.TopK(k), 1, experts, p.clone()).expertIndices();

      assertThat(chosen).as("seed %d, p %s", seed, Arrays.toString(p)).containsExactly(sorted);
    }
  }
}
