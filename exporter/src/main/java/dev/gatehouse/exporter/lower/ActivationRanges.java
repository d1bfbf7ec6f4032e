package dev.gatehouse.exporter.lower;

import dev.gatehouse.proto.BadInput;
import java.util.List;
import java.util.Map;

/**
 * What was seen to flow into the layers that are to compute in integers.
 *
 * @param of by what the names of the layer's parameters begin with: {@code gate.trunk.3.}, say
 */
public record ActivationRanges(Map<String, Range> of) {
  private static final String LEAST = "least";

  /** Copies the map. */
  public ActivationRanges {
    of = Map.copyOf(of);
  }

  /**
   * The least and the largest of some values.
   *
   * @param least the least
   * @param largest the largest
   */
  public record Range(float least, float largest) {
    /** The least and the largest of all. */
    public Range with(Range other) {
      return new Range(Math.min(least, other.least), Math.max(largest, other.largest));
    }
  }

  /** What a graph calls the least value of each row that flows into {@code layer}. */
  public static String least(String layer) {
    return layer + LEAST;
  }

  /** What a graph calls the largest. */
  public static String largest(String layer) {
    return layer + "largest";
  }

  /** The layers that a graph with these outputs shows. */
  public static List<String> layers(List<String> outputs) {
    return outputs.stream()
        .filter(output -> output.endsWith(LEAST))
        .map(output -> output.substring(0, output.length() - LEAST.length()))
        .toList();
  }

  Range into(String layer) {
    Range range = of.get(layer);
    if (range == null) {
      throw new IllegalArgumentException("nothing was seen to flow into " + layer);
    }
    if (!Float.isFinite(range.least()) || !Float.isFinite(range.largest())) {
      throw new BadInput(
          "what flows into %s lies between %s and %s: no 256 levels hold that; is the model sound?"
              .formatted(layer.replaceAll("[.]$", ""), range.least(), range.largest()));
    }
    return range;
  }
}
