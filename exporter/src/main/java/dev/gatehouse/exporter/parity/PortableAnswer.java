package dev.gatehouse.exporter.parity;

import dev.gatehouse.engine.gate.Choice;
import dev.gatehouse.engine.tensor.Prediction;
import dev.gatehouse.engine.tensor.Routing;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.bundle.Manifest;
import dev.gatehouse.proto.bundle.SelfTest;
import dev.gatehouse.proto.network.RoutingRule;
import java.util.Arrays;

/**
 * Everything that a portable graph says of N rows; arrays row-major.
 *
 * @param probabilities {@code [N, C]}
 * @param classes {@code [N]}
 * @param gateProbabilities {@code [N, M]}
 * @param expertIndices {@code [N, k]}
 * @param expertWeights {@code [N, k]}
 */
public record PortableAnswer(
    float[] probabilities,
    long[] classes,
    float[] gateProbabilities,
    long[] expertIndices,
    float[] expertWeights) {

  /**
   * Refuses an answer whose outputs contradict one another: a class that is not the largest
   * probability, or experts and weights that the rule does not choose.
   *
   * @param graph names the graph in the message
   */
  void requireConsistent(String graph, Manifest manifest) {
    RoutingRule rule = manifest.rule().inOneGraph();
    Routing chosen = Choice.choose(rule, classes.length, manifest.experts(), gateProbabilities);
    Prediction expected =
        Prediction.of(classes.length, manifest.classes().size(), probabilities, chosen);
    if (!Arrays.equals(classes, longs(expected.classIndices()))) {
      throw new BadInput(graph + ": the class is not always the one of the largest probability");
    }
    if (!Arrays.equals(expertIndices, longs(chosen.expertIndices()))) {
      throw new BadInput(graph + ": chooses other experts than the rule " + rule);
    }
    for (int i = 0; i < expertWeights.length; i++) {
      double difference = Math.abs((double) expertWeights[i] - chosen.expertWeights()[i]);
      if (!(difference <= SelfTest.TOLERANCE)) {
        throw new BadInput(graph + ": weighs experts otherwise than the rule " + rule);
      }
    }
  }

  private static long[] longs(int[] values) {
    return Arrays.stream(values).asLongStream().toArray();
  }
}
