package dev.gatehouse.exporter.lower;

import dev.gatehouse.proto.network.InputSpec;
import dev.gatehouse.proto.network.Layer;
import java.util.Arrays;

/**
 * x factor + offset, channel by channel: what a batch normalisation is once its statistics stand
 * still (arXiv 1502.03167, algorithm 2, line 11), and what a normalisation of the input is.
 *
 * @param factor {@code [channels]}
 * @param offset {@code [channels]}
 */
record ChannelScale(double[] factor, double[] offset) {
  private static final double MOST = 256;

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

  /** (raw / scale - mean) / std. */
  static ChannelScale of(InputSpec.Normalisation normalisation) {
    int channels = normalisation.mean().size();
    double[] factor = new double[channels];
    double[] offset = new double[channels];
    for (int c = 0; c < channels; c++) {
      double std = normalisation.std().get(c);
      factor[c] = 1 / (normalisation.scale() * std);
      offset[c] = -normalisation.mean().get(c) / std;
    }
    return new ChannelScale(factor, offset);
  }

  /** This one and {@code next} behind it, as one. */
  ChannelScale then(ChannelScale next) {
    double[] both = factor.clone();
    double[] moved = next.offset.clone();
    for (int c = 0; c < both.length; c++) {
      both[c] *= next.factor[c];
      moved[c] += offset[c] * next.factor[c];
    }
    return new ChannelScale(both, moved);
  }

  /** The same for {@code elements} features of each channel, channel after channel. */
  ChannelScale spread(int elements) {
    double[] factors = new double[factor.length * elements];
    double[] offsets = new double[factors.length];
    for (int i = 0; i < factors.length; i++) {
      factors[i] = factor[i / elements];
      offsets[i] = offset[i / elements];
    }
    return new ChannelScale(factors, offsets);
  }

  /** Whether the larger of two values stays the larger one in every channel. */
  boolean isRising() {
    return Arrays.stream(factor).allMatch(f -> f > 0);
  }

  /**
   * Whether the factors are so alike, and so near 1, that weights which are rounded together can be
   * multiplied with them: no more than twofold apart, and from 1/256 to 256.
   */
  boolean isEven() {
    double least = Double.POSITIVE_INFINITY;
    double largest = 0;
    for (double f : factor) {
      least = Math.min(least, Math.abs(f));
      largest = Math.max(largest, Math.abs(f));
    }
    return largest <= 2 * least && least >= 1 / MOST && largest <= MOST;
  }

  /** Whether any channel is moved. */
  boolean hasOffset() {
    return Arrays.stream(offset).anyMatch(o -> o != 0);
  }
}
