package dev.gatehouse.exporter.lower;

import dev.gatehouse.exporter.graph.Graph;
import dev.gatehouse.exporter.graph.Value;

/** Writes layers that compute with levels and integer weights. */
sealed interface IntegerArithmetic permits IntegerKernels, SpelledIntegers {
  /** FLOAT values {@code x} as levels. */
  Value levels(Graph graph, String name, Value x, Levels to);

  /** Levels {@code x} as FLOAT values. */
  Value numbers(Graph graph, String name, Value x, Levels of);

  /**
   * A convolution with few inputs, up to the sums that {@link #levelsOfSums} takes. As floats that
   * hold integers it is faster.
   *
   * @param x levels {@code [N, C, H, W]}
   * @return FLOAT {@code [N, O, H + 2 padding - K + 1, W + 2 padding - K + 1]}
   */
  Value sums(Graph graph, String name, Value x, Levels in, IntegerWeights weights, int padding);

  /**
   * Levels of sums, pooled or not.
   *
   * @param sums FLOAT {@code [N, C, H, W]}
   */
  Value levelsOfSums(Graph graph, Value sums, Deferred.Sums to);

  /**
   * A convolution.
   *
   * @param x levels {@code [N, C, H, W]}
   * @return {@code [N, O, H + 2 padding - K + 1, W + 2 padding - K + 1]}, levels {@code out}
   */
  Value conv(
      Graph graph,
      String name,
      Value x,
      Levels in,
      IntegerWeights weights,
      int padding,
      Levels out);

  /**
   * A linear layer.
   *
   * @param x levels {@code [N, F]}
   * @return FLOAT {@code [N, O]}
   */
  Value linear(Graph graph, String name, Value x, Levels in, IntegerWeights weights);
}
