package dev.gatehouse.exporter.lower;

import java.util.List;

/**
 * A layer's weights as integers with one scale an output, and its bias.
 *
 * <p>A weight is at most 64 steps from 0, since processors without instructions for it add two
 * products of 8-bit levels and weights in 16 bits, where 2 * 255 * 64 fits and 2 * 255 * 127 is cut
 * off: so the sums are the same on every processor. Where floats add them up, a weight has the
 * steps that 2^24 leaves.
 *
 * @param name starts the names of its constants
 * @param shape {@code [out, in, ...]}
 * @param layer the numbers as they were
 * @param rounded the weights' scales
 */
record IntegerWeights(String name, List<Integer> shape, Affine layer, OutputScales rounded) {
  /** Most steps of a weight. */
  static final int MOST_STEPS = 64;

  /** Largest bias in units of the sums: with them far from the end of 32 bits. */
  static final int MOST_BIAS = 1 << 22;

  /** Inputs of a convolution from which on its sums are faster as integers than as floats. */
  private static final int MANY_INPUTS = 64;

  /** Most steps of a weight where floats add up. */
  private static final int MOST_FLOAT_STEPS = 512;

  /** A linear layer's. */
  static IntegerWeights of(String name, List<Integer> shape, Affine layer) {
    return new IntegerWeights(
        name, shape, layer, OutputScales.of(layer.outputs(), layer.weight(), MOST_STEPS));
  }

  /**
   * A convolution's, whose bias is added to its sums: steps grow for an output whose bias is
   * thousands of times its weights, or that has none.
   *
   * @param in levels of what flows into it
   */
  static IntegerWeights ofConvolution(String name, List<Integer> shape, Affine layer, Levels in) {
    boolean byFloats = layer.weight().length / layer.outputs() < MANY_INPUTS;
    OutputScales scales =
        OutputScales.of(layer.outputs(), layer.weight(), byFloats ? MOST_FLOAT_STEPS : MOST_STEPS);
    float[] grown = scales.scales();
    for (int o = 0; o < grown.length; o++) {
      double least = Math.abs(layer.bias()[o]) / MOST_BIAS / in.scale();
      grown[o] = (float) Math.max(Math.max(grown[o], least), Float.MIN_NORMAL);
    }
    return new IntegerWeights(name, shape, layer, new OutputScales(grown, scales.largest()));
  }

  /** Whether floats add up its sums. */
  boolean isSummedByFloats() {
    return rounded.largest() == MOST_FLOAT_STEPS;
  }

  int outputs() {
    return shape.get(0);
  }

  /** {@code [out, in, ...]}, row-major. */
  byte[] bytes() {
    return rounded.bytes(layer.weight());
  }

  /** The steps as float32. */
  float[] floats() {
    int[] steps = rounded.steps(layer.weight());
    float[] floats = new float[steps.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = steps[i];
    }
    return floats;
  }

  /** The steps of a linear layer as {@code [in, out]}. */
  byte[] across() {
    byte[] steps = bytes();
    int outputs = outputs();
    int inputs = steps.length / outputs;
    byte[] across = new byte[steps.length];
    for (int o = 0; o < outputs; o++) {
      for (int i = 0; i < inputs; i++) {
        across[i * outputs + o] = steps[o * inputs + i];
      }
    }
    return across;
  }

  /** The scales, {@code [out]}. */
  float[] scales() {
    return rounded.scales();
  }

  /** The bias in units of {@code in.scale} times the output's scale. */
  int[] unitsOfBias(Levels in) {
    int[] units = new int[outputs()];
    for (int o = 0; o < units.length; o++) {
      units[o] = (int) Math.rint(layer.bias()[o] / ((double) in.scale() * scales()[o]));
    }
    return units;
  }

  /** The bias in float32. */
  float[] bias() {
    return FloatWeights.nearest(layer.bias());
  }

  /** What a sum of an output is to be multiplied with to become a number: in float32. */
  float[] units(Levels in) {
    float[] units = new float[outputs()];
    for (int o = 0; o < units.length; o++) {
      units[o] = in.scale() * scales()[o];
    }
    return units;
  }

  /** The same where the number is to be in steps of {@code out}. */
  float[] units(Levels in, Levels out) {
    float[] units = units(in);
    for (int o = 0; o < units.length; o++) {
      units[o] /= out.scale();
    }
    return units;
  }

  /** What a step of {@code out} is in units of the sums. */
  float[] stepsInSums(Levels in, Levels out) {
    float[] steps = units(in);
    for (int o = 0; o < steps.length; o++) {
      steps[o] = out.scale() / steps[o];
    }
    return steps;
  }
}
