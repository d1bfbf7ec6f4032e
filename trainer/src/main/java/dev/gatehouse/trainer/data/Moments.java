package dev.gatehouse.trainer.data;

import dev.gatehouse.proto.file.Safetensors.DType;
import dev.gatehouse.proto.file.Safetensors.Tensor;
import dev.gatehouse.proto.network.InputSpec.Normalisation;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * Mean and standard deviation of rows as the normalisation that makes them 0 and 1, a channel or a
 * feature each; without Bessel's correction. What never varies keeps a standard deviation of 1.
 */
final class Moments {
  private static final double BRIGHTEST = 255;

  private Moments() {}

  /**
   * Of [n, channels, ...] or [n, features].
   *
   * @param rows bytes, whose normalisation divides them by 255, or floats; at least one row
   */
  static Normalisation of(Tensor rows) {
    int channels = rows.shape().get(1);
    int perChannel = rows.shape().stream().skip(2).reduce(1, Math::multiplyExact);
    double[] mean = sums(rows, channels, perChannel, new double[channels], 1);
    double[] std = sums(rows, channels, perChannel, mean, 2);
    double scale = rows.dtype() == DType.U8 ? BRIGHTEST : 1;
    for (int c = 0; c < channels; c++) {
      mean[c] /= scale;
      std[c] = std[c] == 0 ? 1 : Math.sqrt(std[c]) / scale;
    }
    return new Normalisation(scale, list(mean), list(std));
  }

  /** Rounded to four decimals, as the normalisations of images are commonly given. */
  static Normalisation rounded(Normalisation exact) {
    return new Normalisation(exact.scale(), rounded(exact.mean()), rounded(exact.std()));
  }

  private static List<Double> rounded(List<Double> values) {
    return values.stream().map(value -> Math.round(value * 10_000) / 10_000.0).toList();
  }

  /** Mean of (value - centre)^power, a channel each. */
  private static double[] sums(
      Tensor rows, int channels, int perChannel, double[] centre, int power) {
    double[] sums = new double[channels];
    ByteBuffer data = rows.data();
    int elements = data.remaining() / rows.dtype().bytes();
    for (int i = 0; i < elements; i++) {
      int c = i / perChannel % channels;
      double value = rows.dtype() == DType.U8 ? data.get(i) & 0xff : data.getFloat(4 * i);
      double off = value - centre[c];
      sums[c] += power == 1 ? off : off * off;
    }
    for (int c = 0; c < channels; c++) {
      sums[c] /= (double) elements / channels;
    }
    return sums;
  }

  private static List<Double> list(double[] values) {
    return DoubleStream.of(values).boxed().toList();
  }
}
