package dev.gatehouse.trainer.model;

import dev.gatehouse.proto.network.GateSpec;
import dev.gatehouse.proto.network.InputSpec;
import dev.gatehouse.proto.network.Layer;
import dev.gatehouse.proto.network.ModelSpec;
import dev.gatehouse.proto.network.Network;
import dev.gatehouse.proto.network.Network.Tap;
import dev.gatehouse.proto.network.Shape;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;

/** A mixture in plain double loops, row by row, written from the formulas. */
final class PlainMixture {
  private final ModelSpec spec;
  private final Map<String, float[]> values;

  PlainMixture(ModelSpec spec, Map<String, float[]> values) {
    this.spec = spec;
    this.values = values;
  }

  record Answer(double[] gate, double[][] experts) {}

  private record Hidden(double[] before, double[] tapped) {}

  Answer answer(byte[] pixels, int row) {
    int size = spec.input().shape().elements();
    var numbers = (InputSpec.Normalisation) spec.input().normalisation();
    double[] x = new double[size];
    for (int i = 0; i < size; i++) {
      double raw = pixels[row * size + i] & 0xff;
      x[i] = (raw / numbers.scale() - numbers.mean().get(0)) / numbers.std().get(0);
    }
    double[][] experts = new double[spec.experts()][];
    double[][] keys = new double[spec.experts()][];
    for (int e = 0; e < spec.experts(); e++) {
      String prefix = "experts." + e;
      Hidden hidden = trunk(spec.network(), prefix, x);
      keys[e] = hidden.tapped();
      experts[e] = softmax(head(prefix, hidden.before()));
    }
    return new Answer(softmax(gateLogits(x, keys)), experts);
  }

  private double[] gateLogits(double[] x, double[][] hidden) {
    if (spec.gate() instanceof GateSpec.Softmax softmax) {
      return head("gate", trunk(softmax.network(), "gate", x).before());
    }
    Network network = ((GateSpec.Attentive) spec.gate()).network();
    double[] query = times("gate.query.weight", trunk(network, "gate", x).tapped());
    double[] logits = new double[spec.experts()];
    for (int e = 0; e < logits.length; e++) {
      double[] key = times("gate.key.weight", hidden[e]);
      for (int i = 0; i < key.length; i++) {
        logits[e] += query[i] * key[i];
      }
      logits[e] /= Math.sqrt(key.length);
    }
    return logits;
  }

  private Hidden trunk(Network network, String prefix, double[] x) {
    double[] value = x;
    Shape shape = spec.input().shape();
    for (int i = 0; i < network.trunk().size(); i++) {
      Layer layer = network.trunk().get(i);
      String name = prefix + ".trunk." + i;
      if (layer instanceof Layer.Conv2d conv) {
        value = conv(conv, name, value, shape);
      } else if (layer instanceof Layer.MaxPool pool) {
        value = pool(pool, value, shape);
      } else if (layer instanceof Layer.Relu) {
        value = relu(value);
      } else if (layer instanceof Layer.Linear) {
        value = affine(name, value);
      }
      shape = layer.output(shape);
    }
    return new Hidden(value, network.hidden() == Tap.BEFORE_RELU ? value : relu(value));
  }

  private double[] head(String prefix, double[] hidden) {
    return affine(prefix + ".head", relu(hidden));
  }

  private double[] conv(Layer.Conv2d conv, String name, double[] x, Shape in) {
    float[] weight = values(name + ".weight");
    int channels = in.dims().get(0);
    int side = in.dims().get(1);
    int out = conv.output(in).dims().get(1);
    int k = conv.kernel();
    double[] y = new double[conv.channels() * out * out];
    for (int o = 0; o < conv.channels(); o++) {
      for (int at = 0; at < out * out; at++) {
        double sum = values(name + ".bias")[o];
        for (int w = 0; w < channels * k * k; w++) {
          int row = at / out + w / k % k - conv.padding();
          int column = at % out + w % k - conv.padding();
          if (row >= 0 && row < side && column >= 0 && column < side) {
            sum += weight[o * channels * k * k + w] * x[(w / (k * k) * side + row) * side + column];
          }
        }
        y[o * out * out + at] = sum;
      }
    }
    return y;
  }

  private static double[] pool(Layer.MaxPool pool, double[] x, Shape in) {
    int side = in.dims().get(1);
    int out = side / pool.size();
    double[] y = new double[in.dims().get(0) * out * out];
    Arrays.fill(y, Double.NEGATIVE_INFINITY);
    for (int c = 0; c < in.dims().get(0); c++) {
      for (int row = 0; row < out * pool.size(); row++) {
        for (int column = 0; column < out * pool.size(); column++) {
          int to = (c * out + row / pool.size()) * out + column / pool.size();
          y[to] = Math.max(y[to], x[(c * side + row) * side + column]);
        }
      }
    }
    return y;
  }

  private double[] affine(String name, double[] x) {
    double[] y = times(name + ".weight", x);
    for (int i = 0; i < y.length; i++) {
      y[i] += values(name + ".bias")[i];
    }
    return y;
  }

  private double[] times(String name, double[] x) {
    float[] weight = values(name);
    double[] y = new double[weight.length / x.length];
    for (int i = 0; i < weight.length; i++) {
      y[i / x.length] += weight[i] * x[i % x.length];
    }
    return y;
  }

  private float[] values(String name) {
    return Objects.requireNonNull(values.get(name), name);
  }

  private static double[] relu(double[] x) {
    return Arrays.stream(x).map(v -> Math.max(0, v)).toArray();
  }

  private static double[] softmax(double[] logits) {
    double[] exp = Arrays.stream(logits).map(Math::exp).toArray();
    double sum = Arrays.stream(exp).sum();
    return Arrays.stream(exp).map(v -> v / sum).toArray();
  }
}
