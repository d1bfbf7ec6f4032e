package dev.gatehouse.exporter.cli;

import dev.gatehouse.exporter.parity.ParityReport;
import dev.gatehouse.proto.bundle.Parity;
import java.util.List;
import java.util.Locale;

/** A parity report for people. */
final class ParityLines {
  private ParityLines() {}

  static List<String> of(ParityReport report) {
    Parity portable = report.portable();
    return portable == null
        ? List.of(line("served", report.split()))
        : List.of(line("portable", portable), line("served", report.split()));
  }

  private static String line(String form, Parity parity) {
    return String.format(
        Locale.ROOT,
        "%-8s %d rows, %d the other way at a tie; largest difference: gate %.2e, classes %.2e",
        form,
        parity.rows(),
        parity.nearTies(),
        parity.gateDifference(),
        parity.outputDifference());
  }
}
