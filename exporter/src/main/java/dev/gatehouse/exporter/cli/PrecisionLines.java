package dev.gatehouse.exporter.cli;

import dev.gatehouse.proto.bundle.Precision;
import java.util.ArrayList;
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
    List<String> lines = new ArrayList<>();
    Precision.Activations seen = precision.activations();
    if (seen != null) {
      lines.add(
          String.format(
              Locale.ROOT,
              "ranges   of %d %s rows, for the larger layers in 8-bit integers",
              seen.rows(),
              seen.on()));
    }
    lines.add(
        String.format(
            Locale.ROOT,
            "rounded  %s: error %.4f, %.4f as trained; %.2f%% of %d %s rows change class;"
                + " largest difference %.2e",
            precision.form(),
            measured.error(),
            measured.float32Error(),
            100 * measured.changed(),
            measured.rows(),
            measured.on(),
            measured.largestDifference()));
    return lines;
  }
}
