package dev.gatehouse.trainer.report;

import dev.gatehouse.proto.page.Markup;
import dev.gatehouse.proto.page.Numbers;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.stream.IntStream;

/**
 * Where lines over epochs are drawn: between the ends of two scales.
 *
 * @param x epochs from left to right
 * @param y values from the bottom to the top
 * @param format writes a value
 */
record LineFrame(Scale x, Scale y, DoubleFunction<String> format) {
  private static final double LINE = 15;

  /** The values' ticks, about {@code count} of them. */
  List<Markup> values(int count) {
    List<Markup> shapes = new ArrayList<>();
    for (double tick : y.ticks(count)) {
      shapes.add(Svg.line("grid", x.from(), y.at(tick), x.to(), y.at(tick)));
      shapes.add(Svg.words("tick", "end", x.from() - 7, y.at(tick) + 4, format.apply(tick)));
    }
    return shapes;
  }

  /** The ticks of epochs up to {@code last}, about {@code count} of them. */
  List<Markup> epochs(int last, int count) {
    List<Markup> shapes = new ArrayList<>();
    for (double tick : x.ticks(count)) {
      if (tick == Math.rint(tick) && tick <= last) {
        shapes.add(Svg.words("tick", "middle", x.at(tick), y.from() + 18, Numbers.brief(tick)));
      }
    }
    return shapes;
  }

  /** A line through values from epoch 1, without those that are no numbers. */
  Markup line(String kind, double[] values) {
    return Svg.polyline(
        kind,
        IntStream.range(0, values.length)
            .filter(i -> Double.isFinite(values[i]))
            .mapToObj(i -> new double[] {x.at(i + 1), y.at(values[i])})
            .toArray(double[][]::new));
  }

  /**
   * The names of lines of one length at their ends, pushed apart where these lie close together.
   */
  List<Markup> names(List<Series> series) {
    List<Series> byHeight =
        series.stream()
            .filter(s -> Double.isFinite(s.last()))
            .sorted(Comparator.comparingDouble(s -> y.at(s.last())))
            .toList();
    double[] at = byHeight.stream().mapToDouble(s -> y.at(s.last())).toArray();
    for (int i = 1; i < at.length; i++) {
      at[i] = Math.max(at[i], at[i - 1] + LINE);
    }
    for (int i = at.length - 1; i >= 0; i--) {
      double floor = i == at.length - 1 ? y.from() : at[i + 1] - LINE;
      at[i] = Math.min(at[i], floor);
    }
    List<Markup> names = new ArrayList<>();
    for (int i = 0; i < at.length; i++) {
      Series one = byHeight.get(i);
      double end = x.at(one.values().length) + 8;
      names.add(Svg.words("name s" + one.style(), "start", end, at[i] + 4, one.name()));
    }
    return names;
  }
}
