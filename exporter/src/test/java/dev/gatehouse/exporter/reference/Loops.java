package dev.gatehouse.exporter.reference;

import dev.gatehouse.proto.network.Layer;
import dev.gatehouse.proto.network.Shape;

/** Layers on one row, as the textbook has them. Images are {@code [c][y][x]}, row-major. */
final class Loops {
  private Loops() {}

  static double[] conv(double[] in, Shape shape, Layer.Conv2d layer, double[] w, double[] bias) {
    int channels = shape.dims().get(0);
    int height = shape.dims().get(1);
    int width = shape.dims().get(2);
    int k = layer.kernel();
    int outHeight = height + 2 * layer.padding() - k + 1;
    int outWidth = width + 2 * layer.padding() - k + 1;
    double[] out = new double[layer.channels() * outHeight * outWidth];
    for (int o = 0; o < layer.channels(); o++) {
      for (int y = 0; y < outHeight; y++) {
        for (int x = 0; x < outWidth; x++) {
          double sum = bias[o];
          for (int c = 0; c < channels; c++) {
            for (int i = 0; i < k; i++) {
              for (int j = 0; j < k; j++) {
                int fromY = y + i - layer.padding();
                int fromX = x + j - layer.padding();
                if (fromY >= 0 && fromY < height && fromX >= 0 && fromX < width) {
                  sum +=
                      w[((o * channels + c) * k + i) * k + j]
                          * in[(c * height + fromY) * width + fromX];
                }
              }
            }
          }
          out[(o * outHeight + y) * outWidth + x] = sum;
        }
      }
    }
    return out;
  }

  /** Batch normalisation as it is served; one mean, variance, w and bias a channel. */
  static double[] batchNorm(
      double[] in, double[] w, double[] bias, double[] mean, double[] variance) {
    double[] out = new double[in.length];
    int perChannel = in.length / mean.length;
    for (int i = 0; i < out.length; i++) {
      int c = i / perChannel;
      out[i] = w[c] * (in[i] - mean[c]) / Math.sqrt(variance[c] + 1e-5) + bias[c];
    }
    return out;
  }

  static double[] maxPool(double[] in, Shape shape, int size) {
    int height = shape.dims().get(1);
    int width = shape.dims().get(2);
    int outHeight = height / size;
    int outWidth = width / size;
    double[] out = new double[shape.dims().get(0) * outHeight * outWidth];
    java.util.Arrays.fill(out, Double.NEGATIVE_INFINITY);
    for (int c = 0; c < shape.dims().get(0); c++) {
      for (int y = 0; y < outHeight * size; y++) {
        for (int x = 0; x < outWidth * size; x++) {
          int to = (c * outHeight + y / size) * outWidth + x / size;
          out[to] = Math.max(out[to], in[(c * height + y) * width + x]);
        }
      }
    }
    return out;
  }

  static double[] relu(double[] in) {
    double[] out = in.clone();
    for (int i = 0; i < out.length; i++) {
      out[i] = Math.max(0, in[i]);
    }
    return out;
  }

  /** w is {@code [out, in]}. */
  static double[] linear(double[] in, double[] w, double[] bias) {
    double[] out = bias.clone();
    for (int o = 0; o < out.length; o++) {
      for (int i = 0; i < in.length; i++) {
        out[o] += w[o * in.length + i] * in[i];
      }
    }
    return out;
  }

  /** softmax(scores / temperature). */
  static double[] softmax(double[] scores, double temperature) {
    double[] cooled = scores.clone();
    for (int i = 0; i < cooled.length; i++) {
      cooled[i] /= temperature;
    }
    return softmax(cooled);
  }

  /** In bits. */
  static double entropy(double[] p) {
    double sum = 0;
    for (double q : p) {
      sum -= q > 0 ? q * Math.log(q) / Math.log(2) : 0;
    }
    return sum;
  }

  static double[] softmax(double[] logits) {
    double largest = java.util.Arrays.stream(logits).max().orElseThrow();
    double[] out = new double[logits.length];
    double sum = 0;
    for (int i = 0; i < out.length; i++) {
      out[i] = Math.exp(logits[i] - largest);
      sum += out[i];
    }
    for (int i = 0; i < out.length; i++) {
      out[i] /= sum;
    }
    return out;
  }

  static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
