package dev.gatehouse.exporter.reference;

import dev.gatehouse.proto.file.Safetensors;
import dev.gatehouse.proto.network.Column;
import dev.gatehouse.proto.network.GateSpec;
import dev.gatehouse.proto.network.InputSpec;
import dev.gatehouse.proto.network.Layer;
import dev.gatehouse.proto.network.ModelSpec;
import dev.gatehouse.proto.network.Network;
import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.network.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The forward pass of a model on one row, from the formulas of arXiv 2302.14703.
 *
 * @param model the architecture
 * @param weights its parameters
 */
public record ReferenceModel(ModelSpec model, Safetensors weights) {
  /**
   * What the model says of a row.
   *
   * @param gate {@code [M]}
   * @param chosen {@code [k]} experts by falling gate probability
   * @param output {@code [C]}
   * @param margin how far a certified row was from running another number of experts; else infinite
   */
  public record Answer(double[] gate, int[] chosen, double[] output, double margin) {}

  private record Pass(double[] before, double[] after) {
    double[] tapped(Network network) {
      return network.hidden() == Network.Tap.BEFORE_RELU ? before : after;
    }
  }

  /** Answers a raw row under a rule. */
  public Answer answer(float[] raw, RoutingRule rule) {
    double[] x = normalised(raw);
    double[][] hidden = new double[model.experts()][];
    double[][] outputs = new double[model.experts()][];
    for (int e = 0; e < model.experts(); e++) {
      String prefix = "experts." + e;
      Pass pass = trunk(model.network(), prefix, x);
      hidden[e] = pass.tapped(model.network());
      outputs[e] = Loops.softmax(head(prefix, pass));
    }
    double[] gate = gate(x, hidden, outputs);
    return mix(rule, gate, outputs);
  }

  private Answer mix(RoutingRule rule, double[] gate, double[][] outputs) {
    if (rule instanceof RoutingRule.Certified) {
      return certified(gate, outputs);
    }
    int[] chosen = largest(gate, rule.k());
    double[] weight = new double[gate.length];
    if (rule instanceof RoutingRule.TopK) {
      double kept = 0;
      for (int e : chosen) {
        kept += gate[e];
      }
      for (int e : chosen) {
        weight[e] = gate[e] / kept;
      }
    } else {
      weight = gate.clone();
    }
    double[] y = new double[outputs[0].length];
    for (int e = 0; e < gate.length; e++) {
      for (int c = 0; c < y.length; c++) {
        y[c] += weight[e] * outputs[e][c];
      }
    }
    return new Answer(gate, chosen, y, Double.POSITIVE_INFINITY);
  }

  /** One more expert at a time, all of it anew, until the gap is above what the others weigh. */
  private static Answer certified(double[] gate, double[][] outputs) {
    double margin = Double.POSITIVE_INFINITY;
    for (int k = 1; ; k++) {
      int[] chosen = largest(gate, k);
      double ran = 0;
      double[] y = new double[outputs[0].length];
      for (int e : chosen) {
        ran += gate[e];
        for (int c = 0; c < y.length; c++) {
          y[c] += gate[e] * outputs[e][c];
        }
      }
      double[] sorted = y.clone();
      Arrays.sort(sorted);
      double gap = sorted[sorted.length - 1] - sorted[sorted.length - 2];
      if (k == gate.length) {
        return new Answer(gate, chosen, y, margin);
      }
      double needed = 1 - ran + (gate.length + 4) * Math.pow(2, -23);
      margin = Math.min(margin, Math.abs(gap - needed));
      if (gap > needed) {
        double mass = ran;
        return new Answer(gate, chosen, Arrays.stream(y).map(v -> v / mass).toArray(), margin);
      }
    }
  }

  private double[] gate(double[] x, double[][] hidden, double[][] outputs) {
    if (model.gate() instanceof GateSpec.Softmax gate) {
      return Loops.softmax(head("gate", trunk(gate.network(), "gate", x)), gate.temperature());
    }
    if (model.gate() instanceof GateSpec.Attentive gate) {
      return Loops.softmax(attention(gate.network(), x, hidden), gate.temperature());
    }
    if (model.gate() instanceof GateSpec.Entropy gate) {
      double[] negative = new double[model.experts()];
      for (int e = 0; e < negative.length; e++) {
        negative[e] = -Loops.entropy(outputs[e]);
      }
      return Loops.softmax(negative, gate.temperature());
    }
    return new double[] {1};
  }

  private double[] attention(Network network, double[] x, double[][] hidden) {
    int h = model.network().width();
    double[] read = trunk(network, "gate", x).tapped(network);
    double[] query = Loops.linear(read, get("gate.query.weight"), new double[h]);
    double[] scores = new double[model.experts()];
    for (int e = 0; e < scores.length; e++) {
      double[] key = Loops.linear(hidden[e], get("gate.key.weight"), new double[h]);
      scores[e] = Loops.dot(query, key) / Math.sqrt(h);
    }
    return scores;
  }

  /** The k largest by picking the largest k times; the lower index first among equals. */
  private static int[] largest(double[] gate, int k) {
    double[] left = gate.clone();
    int[] chosen = new int[k];
    for (int slot = 0; slot < k; slot++) {
      int best = 0;
      for (int e = 1; e < left.length; e++) {
        if (left[e] > left[best]) {
          best = e;
        }
      }
      chosen[slot] = best;
      left[best] = -1;
    }
    return chosen;
  }

  private double[] normalised(float[] raw) {
    if (!model.input().columns().isEmpty()) {
      return expanded(raw);
    }
    var n = (InputSpec.Normalisation) model.input().normalisation();
    int perChannel = model.input().elementsPerChannel();
    double[] x = new double[raw.length];
    for (int i = 0; i < x.length; i++) {
      int c = i / perChannel;
      x[i] = (raw[i] / n.scale() - n.mean().get(c)) / n.std().get(c);
    }
    return x;
  }

  private double[] expanded(float[] raw) {
    List<Double> x = new ArrayList<>();
    for (int c = 0; c < raw.length; c++) {
      if (model.input().columns().get(c) instanceof Column.Numeric number) {
        x.add((raw[c] - number.mean()) / number.std());
      } else {
        for (int value = 0; value < model.input().columns().get(c).width(); value++) {
          x.add(raw[c] == value ? 1.0 : 0.0);
        }
      }
    }
    return x.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private Pass trunk(Network network, String prefix, double[] x) {
    List<Shape> shapes = network.shapes(model.input().networkShape());
    double[] value = x;
    for (int i = 0; i < network.trunk().size(); i++) {
      Layer layer = network.trunk().get(i);
      String at = prefix + ".trunk." + i + ".";
      if (layer instanceof Layer.Conv2d conv) {
        double[] bias = conv.bias() ? get(at + "bias") : new double[conv.channels()];
        value = Loops.conv(value, shapes.get(i), conv, get(at + "weight"), bias);
      } else if (layer instanceof Layer.BatchNorm) {
        value =
            Loops.batchNorm(
                value,
                get(at + "weight"),
                get(at + "bias"),
                get(at + "running_mean"),
                get(at + "running_var"));
      } else if (layer instanceof Layer.MaxPool pool) {
        value = Loops.maxPool(value, shapes.get(i), pool.size());
      } else if (layer instanceof Layer.Relu) {
        value = Loops.relu(value);
      } else if (layer instanceof Layer.Linear) {
        value = Loops.linear(value, get(at + "weight"), get(at + "bias"));
      }
    }
    return new Pass(value, Loops.relu(value));
  }

  private double[] head(String prefix, Pass pass) {
    return Loops.linear(pass.after(), get(prefix + ".head.weight"), get(prefix + ".head.bias"));
  }

  private double[] get(String name) {
    float[] values = java.util.Objects.requireNonNull(weights.tensors().get(name), name).floats();
    double[] doubles = new double[values.length];
    for (int i = 0; i < doubles.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }
}
