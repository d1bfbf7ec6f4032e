package dev.gatehouse.exporter.lower;

/**
 * The numbers of a convolution or linear layer while a batch normalisation is folded into it. In
 * double arithmetic, so that folding rounds once, when the constants are written.
 *
 * @param weight {@code [out, ...]}, row-major
 * @param bias {@code [out]}; empty for none
 */
record Affine(double[] weight, double[] bias) {
  private static final double[] NONE = {};

  /** The layer whose parameters begin with {@code layer}. */
  static Affine of(Parameters parameters, String layer, boolean bias) {
    return new Affine(
        parameters.values(layer + "weight"), bias ? parameters.values(layer + "bias") : NONE);
  }

  /** Whether a bias is added. */
  boolean hasBias() {
    return bias.length > 0;
  }

  /** This layer and {@code then} behind it, as one layer. */
  Affine then(ChannelScale then) {
    int outputs = then.factor().length;
    int perOutput = weight.length / outputs;
    double[] scaled = new double[weight.length];
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = weight[i] * then.factor()[i / perOutput];
    }
    double[] moved = then.offset().clone();
    for (int o = 0; o < bias.length; o++) {
      moved[o] += bias[o] * then.factor()[o];
    }
    return new Affine(scaled, moved);
  }
}
