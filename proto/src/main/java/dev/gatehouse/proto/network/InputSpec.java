package dev.gatehouse.proto.network;

import dev.gatehouse.proto.BadInput;
import java.util.List;

/**
 * What a client sends for one row, and how the graph makes it fit the network.
 *
 * @param name name of the input in every graph and request
 * @param datatype the natural type of the data, {@code UINT8} or {@code FP32}; every input may be
 *     sent as FP32 as well, with the same values
 * @param shape shape of a row, images as {@code [channels, height, width]}
 * @param min least value that is accepted
 * @param max largest value that is accepted
 * @param normalisation how raw values become the network's input
 */
public record InputSpec(
    String name,
    Datatype datatype,
    Shape shape,
    double min,
    double max,
    Normalisation normalisation) {
  /** Element types of an input, named as the Open Inference Protocol does. */
  public enum Datatype {
    /** Unsigned bytes. */
    UINT8,
    /** 32-bit floats. */
    FP32
  }

  /**
   * x = (raw / scale - mean[channel]) / std[channel].
   *
   * @param scale divides the raw value, 255 for bytes
   * @param mean one a channel
   * @param std one a channel, above 0
   */
  public record Normalisation(double scale, List<Double> mean, List<Double> std) {
    /** Checks the numbers. */
    public Normalisation {
      mean = List.copyOf(mean);
      std = List.copyOf(std);
      if (!(scale > 0) || mean.size() != std.size() || std.stream().anyMatch(s -> !(s > 0))) {
        throw new BadInput(
            "normalisation needs scale > 0 and as many means as standard deviations, these above 0;"
                + " scale="
                + scale
                + ", mean="
                + mean
                + ", std="
                + std);
      }
    }
  }

  /** Checks that the parts fit together. */
  public InputSpec {
    if (!(min < max)) {
      throw new BadInput("an input's min is below its max; min=" + min + ", max=" + max);
    }
    int channels = shape.dims().get(0);
    if (normalisation.mean().size() != channels) {
      throw new BadInput(
          "normalisation needs one mean a channel; channels="
              + channels
              + ", mean="
              + normalisation.mean());
    }
  }

  /** Elements of a row that share a mean: height times width of an image, 1 of a feature vector. */
  public int elementsPerChannel() {
    return shape.elements() / shape.dims().get(0);
  }
}
