package dev.gatehouse.trainer.report;

import dev.gatehouse.proto.page.Markup;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/**
 * A figure over seeds on a line of a {@link DotPlot}.
 *
 * @param seeds its values
 * @param mean of them; null where there is none
 * @param interval of the mean; null where there is none
 * @param reference what others report; null where they report nothing
 * @param missing stands in place of the mean's number; empty where there is a mean
 */
public record Dot(
    List<Double> seeds,
    @Nullable Double mean,
    @Nullable Interval interval,
    @Nullable Double reference,
    String missing) {
  private static final double RADIUS = 4.5;
  private static final double SEED = 2.75;
  private static final double CORNER = 5;
  private static final double ARROW = 8;

  /** Copies the list. */
  public Dot {
    seeds = List.copyOf(seeds);
  }

  /**
   * From one value to another.
   *
   * @param low the lower end
   * @param high the upper end
   */
  public record Interval(double low, double high) {}

  /** Mean and reference, those that there are. */
  DoubleStream figures() {
    return DoubleStream.concat(of(mean), of(reference));
  }

  /** True when the seeds are more than the mean itself. */
  boolean hasSeeds() {
    return seeds.size() > 1;
  }

  /** Every value that is drawn. */
  DoubleStream all() {
    DoubleStream ends =
        interval == null ? DoubleStream.empty() : DoubleStream.of(interval.low(), interval.high());
    return DoubleStream.concat(
        figures(), DoubleStream.concat(seeds.stream().mapToDouble(v -> v), ends));
  }

  private static DoubleStream of(@Nullable Double value) {
    return value == null ? DoubleStream.empty() : DoubleStream.of(value);
  }

  /** The marks on the line y; a figure beyond the axis is an arrow at its end. */
  List<Markup> draw(Scale x, double y) {
    List<Markup> shapes = new ArrayList<>();
    if (interval != null) {
      double from = x.at(Math.max(x.min(), Math.min(x.max(), interval.low())));
      double to = x.at(Math.max(x.min(), Math.min(x.max(), interval.high())));
      if (from < to) {
        shapes.add(Svg.line("interval", from, y, to, y));
      }
    }
    if (hasSeeds()) {
      seeds.stream().filter(x::has).forEach(s -> shapes.add(seed(x.at(s), y)));
    }
    if (mean != null) {
      shapes.add(x.has(mean) ? mean(x.at(mean), y) : arrow("mean", mean, x, y));
    }
    if (reference != null) {
      shapes.add(
          x.has(reference) ? reference(x.at(reference), y) : arrow("reference", reference, x, y));
    }
    return shapes;
  }

  /** The mark of a mean. */
  static Markup mean(double x, double y) {
    return Svg.circle("mean", x, y, RADIUS);
  }

  /** The mark of one seed. */
  static Markup seed(double x, double y) {
    return Svg.circle("seed", x, y, SEED);
  }

  /** The mark of what others report. */
  static Markup reference(double x, double y) {
    return Svg.diamond("reference", x, y, CORNER);
  }

  private static Markup arrow(String kind, double value, Scale x, double y) {
    return value < x.min()
        ? Svg.arrow(kind, x.from() + ARROW / 2, y, -ARROW)
        : Svg.arrow(kind, x.to() - ARROW / 2, y, ARROW);
  }
}
