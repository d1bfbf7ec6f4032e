package dev.gatehouse.trainer.report;

import dev.gatehouse.proto.page.Markup;
import dev.gatehouse.proto.page.Numbers;
import dev.gatehouse.proto.run.SplitMeasurements;
import dev.gatehouse.proto.run.SplitMeasurements.ReliabilityBin;
import java.util.ArrayList;
import java.util.List;

/**
 * How often the model is right, by how sure it is: a dot a bin, its area the bin's rows.
 *
 * @param id unique on the page
 * @param title what it shows
 * @param measured the bins
 */
record ReliabilityChart(String id, String title, SplitMeasurements measured) {
  private static final double WIDTH = 400;
  private static final double HEIGHT = 300;
  private static final double LEFT = 46;
  private static final double RIGHT = WIDTH - 42;
  private static final double TOP = 34;
  private static final double BOTTOM = HEIGHT - 38;
  private static final double LARGEST = 10;
  private static final double SMALLEST = 2.5;

  /** The drawing. */
  Markup draw() {
    Scale x = Scale.linear(0, 1, LEFT, RIGHT);
    Scale y = Scale.linear(0, 1, BOTTOM, TOP);
    List<Markup> shapes = new ArrayList<>();
    shapes.add(Svg.words("unit", "start", 0, 13, "accuracy"));
    for (double tick : y.ticks(5)) {
      shapes.add(Svg.line("grid", LEFT, y.at(tick), RIGHT, y.at(tick)));
      shapes.add(Svg.words("tick", "end", LEFT - 7, y.at(tick) + 4, Numbers.roundPercent(tick)));
      shapes.add(Svg.words("tick", "middle", x.at(tick), BOTTOM + 18, Numbers.roundPercent(tick)));
    }
    shapes.add(Svg.words("unit", "end", RIGHT, BOTTOM + 34, "confidence"));
    shapes.add(Svg.line("limit", x.at(0), y.at(0), x.at(1), y.at(1)));
    shapes.add(Svg.words("note", "start", x.at(0.03), y.at(0.93), "dashed: as sure as right"));
    long most = measured.reliability().stream().mapToLong(ReliabilityBin::rows).max().orElse(1);
    for (ReliabilityBin bin : measured.reliability()) {
      Double confidence = bin.confidence();
      Double accuracy = bin.accuracy();
      if (confidence != null && accuracy != null) {
        double at = x.at(confidence);
        shapes.add(Svg.line("gap", at, y.at(confidence), at, y.at(accuracy)));
        double radius = Math.max(SMALLEST, LARGEST * Math.sqrt((double) bin.rows() / most));
        shapes.add(
            Svg.hover(
                Svg.circle("dot s0", at, y.at(accuracy), radius),
                "%s rows: confidence %s, accuracy %s"
                    .formatted(
                        Numbers.count(bin.rows()),
                        Numbers.percent(confidence),
                        Numbers.percent(accuracy))));
      }
    }
    return Svg.drawing(
        id,
        WIDTH,
        HEIGHT,
        title,
        "Expected calibration error "
            + Numbers.percent(measured.calibrationError())
            + " over 15 bins of the largest served probability.",
        shapes);
  }
}
