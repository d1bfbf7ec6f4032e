package dev.gatehouse.exporter.graph;

/**
 * Zeros around an image.
 *
 * @param above rows above it
 * @param left columns before it
 * @param below rows below it
 * @param right columns behind it
 */
public record Pads(int above, int left, int below, int right) {
  /** As many on each side. */
  public static Pads around(int padding) {
    return new Pads(padding, padding, padding, padding);
  }
}
