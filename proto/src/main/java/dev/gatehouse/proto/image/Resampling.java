package dev.gatehouse.proto.image;

/**
 * One axis of a resizing: each new pixel is a weighted mean of old ones, by a triangle around the
 * place where its centre lies in the old image. The triangle is as wide as bilinear interpolation
 * where the image grows, and reaches over all that falls into the pixel where it shrinks.
 *
 * @param first index of the first old pixel, one a new pixel
 * @param weights of the old pixels from there on; each row sums to 1
 */
record Resampling(int[] first, double[][] weights) {
  /** From {@code before} pixels to {@code after}. */
  static Resampling of(int before, int after) {
    double scale = (double) before / after;
    double reach = Math.max(1, scale);
    int[] first = new int[after];
    double[][] weights = new double[after][];
    for (int i = 0; i < after; i++) {
      double centre = (i + 0.5) * scale - 0.5;
      int from = Math.max(0, (int) Math.ceil(centre - reach));
      int to = Math.min(before - 1, (int) Math.floor(centre + reach));
      first[i] = from;
      weights[i] = triangle(centre, reach, from, to);
    }
    return new Resampling(first, weights);
  }

  private static double[] triangle(double centre, double reach, int from, int to) {
    double[] weights = new double[to - from + 1];
    double sum = 0;
    for (int j = 0; j < weights.length; j++) {
      weights[j] = Math.max(0, 1 - Math.abs(from + j - centre) / reach);
      sum += weights[j];
    }
    for (int j = 0; j < weights.length; j++) {
      weights[j] /= sum;
    }
    return weights;
  }

  int first(int at) {
    return first[at];
  }

  int count(int at) {
    return weights[at].length;
  }

  double weight(int at, int j) {
    return weights[at][j];
  }
}
