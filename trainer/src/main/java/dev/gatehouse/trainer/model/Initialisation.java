package dev.gatehouse.trainer.model;

import dev.gatehouse.proto.network.ParameterSpec;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * First values of parameters, drawn as PyTorch's linear and convolution layers are: uniform in
 * +-1/sqrt(fan_in), weights and biases alike. Drawn in Java from one generator in the order of the
 * parameters; {@link Random} is specified to the bit, so a seed means the same on every JDK.
 */
public final class Initialisation {
  private Initialisation() {}

  /** Row-major values of each parameter, by name, in the order given. */
  public static Map<String, float[]> of(List<ParameterSpec> parameters, long seed) {
    Random random = new Random(seed);
    Map<String, float[]> all = new LinkedHashMap<>();
    for (ParameterSpec parameter : parameters) {
      all.put(parameter.name(), values(parameter, random));
    }
    return all;
  }

  private static float[] values(ParameterSpec parameter, Random random) {
    float[] values = new float[parameter.elements()];
    switch (parameter.start()) {
      case ZEROS -> Arrays.fill(values, 0);
      case ONES -> Arrays.fill(values, 1);
      case UNIFORM -> {
        double bound = 1 / Math.sqrt(parameter.fanIn());
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) ((2 * random.nextDouble() - 1) * bound);
        }
      }
    }
    return values;
  }
}
