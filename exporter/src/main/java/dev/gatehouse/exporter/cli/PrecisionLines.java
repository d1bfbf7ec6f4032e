package dev.gatehouse.exporter.cli;

import dev.gatehouse.proto.bundle.Precision;
import java.util.List;
import java.util.Locale;

/** What rounded weights change, for people; nothing of weights as they were trained. */
final class PrecisionLines {
  private PrecisionLines() {}

  static List<String> of(Precision precision) {
    Precision.Measured measured = precision.measured();
    if (measured == null) {
      return List.of();
    }
    return List.of(
        String.format(
            Locale.ROOT,
            "weights  %s: error %.4f, %.4f as trained; %.2f%% of %d %s rows change class;"
                + " largest difference %.2e",
            precision.weights().name().toLowerCase(Locale.ROOT),
            measured.error(),
            measured.float32Error(),
            100 * measured.changed(),
            measured.rows(),
            measured.on() == Precision.On.TEST ? "test" : "self-test",
            measured.largestDifference()));
  }
}
