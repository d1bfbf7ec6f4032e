package dev.gatehouse.cli;

import dev.gatehouse.cli.quickstart.HeatMap;
import dev.gatehouse.cli.quickstart.QuickstartReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A quickstart's report for people. */
final class QuickstartText {
  private final QuickstartReport report;

  QuickstartText(QuickstartReport report) {
    this.report = report;
  }

  /**
   * The report, line by line.
   *
   * @param staysUp whether the server goes on answering
   */
  List<String> lines(boolean staysUp) {
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add("Test accuracy on " + report.dataset() + ", " + report.testRows() + " rows");
    lines.add(percent("one expert alone", report.singleAccuracy()));
    lines.add(percent("attentive mixture, every expert a row", report.attentiveAccuracy()));
    lines.add(
        percent(
            text("served through gRPC, %.2f experts a row", report.expertsComputedPerRow()),
            report.testAccuracy()));
    if (report.familyInformation() != null) {
      lines.add(
          text(
              "  %-44s %.3f bit",
              "I(expert; family), digits or garments", report.familyInformation()));
    }
    lines.add("");
    lines.add("expert      hits   computed rows   share of rows");
    for (int e = 0; e < report.experts(); e++) {
      double share = (double) report.expertHits().get(e) / report.testRows();
      lines.add(
          text(
              "%6d %9d %15d   %5.1f%% %s",
              e,
              report.expertHits().get(e),
              report.expertComputedRows().get(e),
              100 * share,
              "#".repeat((int) Math.round(share * 40))));
    }
    lines.add("");
    lines.addAll(
        new HeatMap(Boolean.getBoolean("gatehouse.terminal"))
            .draw(report.expertByClass(), report.classes()));
    lines.add("");
    lines.add(
        text("self-test: served and trained model differ by at most %.1e", report.maxAbsDiff()));
    report
        .bytes()
        .forEach((stage, bytes) -> lines.add(text("  %-8s left %,d bytes", stage, bytes)));
    if (staysUp) {
      lines.addAll(next());
    }
    return lines;
  }

  private List<String> next() {
    return List.of(
        "",
        "gRPC    " + report.grpc(),
        "metrics " + report.http() + "/metrics",
        "page    " + report.http() + "/",
        "",
        "Try next:",
        "  curl " + report.http() + "/metrics | grep expert_hits",
        "  ./gatehouse predict --target " + report.grpc() + " --routing IMAGE.png",
        "  ./gatehouse verify " + report.bundle(),
        "",
        "Ctrl-C stops the server.");
  }

  private static String percent(String what, double accuracy) {
    return text("  %-44s %.2f%%", what, 100 * accuracy);
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
