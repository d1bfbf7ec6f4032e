package dev.gatehouse.proto.network;

import dev.gatehouse.proto.BadInput;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A parameter that a network needs.
 *
 * @param name as it stands in {@code weights.safetensors}
 * @param shape convolution {@code [out, in, height, width]}, linear {@code [out, in]}, bias {@code
 *     [out]}
 * @param start how its first values are chosen
 * @param fanIn inputs of one output; PyTorch draws weights and biases from +-1/sqrt(fanIn)
 * @param trained false for a running statistic, which no gradient reaches
 */
public record ParameterSpec(
    String name, List<Integer> shape, Start start, int fanIn, boolean trained) {
  /** How first values are chosen. */
  public enum Start {
    /** Uniform in +-1/sqrt(fanIn), as PyTorch's linear and convolution layers. */
    UNIFORM,
    /** All 0. */
    ZEROS,
    /** All 1. */
    ONES
  }

  /** Copies the shape. */
  public ParameterSpec {
    shape = List.copyOf(shape);
  }

  /** A weight or bias of a linear or convolution layer. */
  public ParameterSpec(String name, List<Integer> shape, int fanIn) {
    this(name, shape, Start.UNIFORM, fanIn, true);
  }

  /** The same parameter, its name behind {@code prefix} and a dot. */
  public ParameterSpec under(String prefix) {
    return new ParameterSpec(prefix + "." + name, shape, start, fanIn, trained);
  }

  /**
   * Checks parameters that a class of the user's own asks for.
   *
   * @param type names the class in the message
   * @return a copy
   * @throws BadInput when a name is none or there twice, a shape cannot be made, or a fan-in is
   *     below 1
   */
  static List<ParameterSpec> requireUsable(String type, List<ParameterSpec> parameters) {
    Set<String> names = new HashSet<>();
    for (ParameterSpec p : parameters) {
      if (!p.name.matches("[A-Za-z0-9_]+(\\.[A-Za-z0-9_]+)*") || !names.add(p.name)) {
        throw new BadInput(
            type
                + ": a parameter's name is made of letters, digits, '_' and '.', and no other's;"
                + " name="
                + p.name);
      }
      if (p.shape.isEmpty() || p.shape.stream().anyMatch(d -> d < 1) || p.fanIn < 1) {
        throw new BadInput(
            "%s: parameter %s has dimensions and a fan-in of at least 1; shape=%s, fan_in=%d"
                .formatted(type, p.name, p.shape, p.fanIn));
      }
    }
    return List.copyOf(parameters);
  }

  /** Elements of the parameter. */
  public int elements() {
    return shape.stream().reduce(1, Math::multiplyExact);
  }
}
