package dev.gatehouse.exporter.lower;

import dev.gatehouse.proto.network.Layer;

/**
 * x factor + offset, channel by channel: what a batch normalisation is once its statistics stand
 * still (arXiv 1502.03167, algorithm 2, line 11).
 *
 * @param factor {@code [channels]}
 * @param offset {@code [channels]}
 */
record ChannelScale(double[] factor, double[] offset) {

  /** The batch normalisation whose parameters begin with {@code layer}. */
  static ChannelScale of(Parameters parameters, String layer) {
    double[] factor = parameters.values(layer + "weight");
    double[] offset = parameters.values(layer + "bias");
    double[] mean = parameters.values(layer + "running_mean");
    double[] variance = parameters.values(layer + "running_var");
    for (int c = 0; c < factor.length; c++) {
      factor[c] /= Math.sqrt(variance[c] + Layer.BatchNorm.EPSILON);
      offset[c] -= mean[c] * factor[c];
    }
    return new ChannelScale(factor, offset);
  }
}
