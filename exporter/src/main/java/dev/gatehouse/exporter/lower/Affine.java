package dev.gatehouse.exporter.lower;

import org.jspecify.annotations.Nullable;

/**
 * The numbers of a convolution or linear layer while the normalisations beside it are folded into
 * it. In double arithmetic, so that folding rounds once, when the constants are written.
 *
 * @param outputs output channels or features
 * @param weight {@code [out, in, ...]}, row-major
 * @param bias {@code [out]}; zeros for none
 */
record Affine(int outputs, double[] weight, double[] bias) {

  /** The layer whose parameters begin with {@code layer}. */
  static Affine of(Parameters parameters, String layer, boolean bias) {
    int outputs = parameters.shape(layer + "weight").get(0);
    return new Affine(
        outputs,
        parameters.values(layer + "weight"),
        bias ? parameters.values(layer + "bias") : new double[outputs]);
  }

  /** This layer and {@code then} behind it, as one layer. */
  Affine then(ChannelScale then) {
    int perOutput = weight.length / outputs;
    double[] scaled = new double[weight.length];
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = weight[i] * then.factor()[i / perOutput];
    }
    double[] moved = then.offset().clone();
    for (int o = 0; o < outputs; o++) {
      moved[o] += bias[o] * then.factor()[o];
    }
    return new Affine(outputs, scaled, moved);
  }

  /**
   * {@code before} and this layer behind it, as one layer; not for one that pads with zeros.
   *
   * <p>The bias is made of the weights as they will be rounded: a weight's error then counts by how
   * far its input lies from the one that normalises to 0, as it did before they were folded, and
   * not by how far that lies from 0.
   */
  Affine after(@Nullable ChannelScale before, WeightForm form) {
    if (before == null) {
      return this;
    }
    int perOutput = weight.length / outputs;
    int perInput = perOutput / before.factor().length;
    double[] scaled = new double[weight.length];
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = weight[i] * before.factor()[i % perOutput / perInput];
    }
    float[] rounded = form.rounded(outputs, scaled);
    double[] moved = bias.clone();
    for (int i = 0; i < scaled.length; i++) {
      double factor = before.factor()[i % perOutput / perInput];
      double offset = before.offset()[i % perOutput / perInput];
      moved[i / perOutput] += factor == 0 ? weight[i] * offset : rounded[i] * (offset / factor);
    }
    return new Affine(outputs, scaled, moved);
  }
}
