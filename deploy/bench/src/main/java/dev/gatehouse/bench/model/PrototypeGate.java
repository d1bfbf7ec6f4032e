package dev.gatehouse.bench.model;

import dev.gatehouse.bench.peer.GraphOutput;
import dev.gatehouse.engine.tensor.RowSource;
import dev.gatehouse.proto.file.Safetensors.Tensor;
import dev.gatehouse.proto.network.GateSpec;
import dev.gatehouse.proto.network.ParameterSpec;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * A gate that sends each row to the expert of its nearest prototype: a random trunk, and a head
 * that is made for it. A head of random weights would send most rows to a few experts.
 *
 * <p>With h the last hidden layer and g_e its value at prototype e, -|h - g_e|²/2 is largest for
 * the nearest one. But for what is the same for all e, that is (g_e - m)·h - (g_e - m)·(g_e + m)/2
 * with m the mean of all g_e: a linear head. The g_e are read through a head that is the identity,
 * as the logarithm of its softmax, which leaves out each one's mean over h. So the mean is taken
 * away from every g_e, and the head's lines sum to 0.
 */
final class PrototypeGate {
  /** Nats by which the nearest prototype is ahead of one in the usual distance. */
  private static final double DECISIVE = 4;

  private static final String HEAD = GateSpec.PREFIX + ".head.";

  private PrototypeGate() {}

  /** The gate's parameters, by name. */
  static Map<String, Tensor> weights(Family family, Prototypes prototypes, long seed) {
    int width = family.gate().width();
    int experts = prototypes.count();
    List<ParameterSpec> parameters = family.model(experts).gateParameters();
    Map<String, Tensor> weights = new TreeMap<>(Graphs.tensors(parameters, seed));
    double[][] hidden = hidden(family, weights, prototypes);
    double[] mean = new double[width];
    for (double[] one : hidden) {
      for (int i = 0; i < width; i++) {
        mean[i] += one[i] / experts;
      }
    }
    double spread = 0;
    for (double[] one : hidden) {
      for (int i = 0; i < width; i++) {
        spread += (one[i] - mean[i]) * (one[i] - mean[i]) / experts;
      }
    }
    double scale = spread > 0 ? DECISIVE / spread : 1;
    float[] weight = new float[experts * width];
    float[] bias = new float[experts];
    for (int e = 0; e < experts; e++) {
      double half = 0;
      for (int i = 0; i < width; i++) {
        double away = hidden[e][i] - mean[i];
        weight[e * width + i] = (float) (scale * away);
        half += away * (hidden[e][i] + mean[i]) / 2;
      }
      bias[e] = (float) (-scale * half);
    }
    weights.put(HEAD + "weight", Tensor.of(weight, experts, width));
    weights.put(HEAD + "bias", Tensor.of(bias, experts));
    return weights;
  }

  /** The last hidden layer at each prototype, less its mean. */
  private static double[][] hidden(
      Family family, Map<String, Tensor> weights, Prototypes prototypes) {
    int width = family.gate().width();
    float[] identity = new float[width * width];
    for (int i = 0; i < width; i++) {
      identity[i * width + i] = 1;
    }
    Map<String, Tensor> probe = new TreeMap<>(weights);
    probe.put(HEAD + "weight", Tensor.of(identity, width, width));
    probe.put(HEAD + "bias", Tensor.of(new float[width], width));
    RowSource rows = everyPrototype(prototypes);
    float[] softmax = GraphOutput.of(Graphs.gate(family, width, probe), prototypes.input(), rows);
    double[][] hidden = new double[rows.count()][width];
    for (int row = 0; row < hidden.length; row++) {
      double mean = 0;
      for (int i = 0; i < width; i++) {
        hidden[row][i] = Math.log(Math.max(softmax[row * width + i], Float.MIN_NORMAL));
        mean += hidden[row][i] / width;
      }
      for (int i = 0; i < width; i++) {
        hidden[row][i] -= mean;
      }
    }
    return hidden;
  }

  /** A row near each, which does as well as the prototype itself. */
  private static RowSource everyPrototype(Prototypes prototypes) {
    RowSet rows = RowSet.of(prototypes, prototypes.count(), 0);
    int[] each = new int[prototypes.count()];
    SplittableRandom random = new SplittableRandom(0);
    for (int i = 0; i < each.length; i++) {
      each[i] = rows.draw(i, random);
    }
    return rows.batch(each);
  }
}
