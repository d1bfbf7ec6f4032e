package dev.gatehouse.trainer.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Values over epochs, one line a series, each named at its end.
 *
 * @param id unique on the page
 * @param title what it shows
 * @param description what a reader who cannot see it should know
 * @param unit what the values are, with their unit
 * @param format writes a value
 * @param series the lines
 * @param limit a value that cannot be passed, drawn as a dashed line; null for none
 */
record LineChart(
    String id,
    String title,
    String description,
    String unit,
    DoubleFunction<String> format,
    List<Series> series,
    @Nullable Limit limit) {
  private static final double WIDTH = 400;
  private static final double HEIGHT = 250;
  private static final double LEFT = 46;
  private static final double TOP = 34;
  private static final double BOTTOM = HEIGHT - 38;
  private static final double LETTER = 7.2;
  private static final double LINE = 15;
  private static final int MOST_DOTS = 12;

  /**
   * One line.
   *
   * @param name stands at its end
   * @param style number of its colour and dash pattern
   * @param values one an epoch, from epoch 1
   */
  record Series(String name, int style, double[] values) {
    private double last() {
      return values[values.length - 1];
    }
  }

  /**
   * A value that cannot be passed.
   *
   * @param value where it lies
   * @param name what it is
   */
  record Limit(double value, String name) {}

  /** The drawing. */
  Markup draw() {
    int epochs = series.stream().mapToInt(s -> s.values().length).max().orElse(1);
    int longest = series.stream().mapToInt(s -> s.name().length()).max().orElse(0);
    double right = WIDTH - 12 - longest * LETTER;
    Scale x = Scale.linear(1, Math.max(2, epochs), LEFT, right);
    DoubleStream all = series.stream().flatMapToDouble(s -> DoubleStream.of(s.values()));
    double[] drawn = all.filter(Double::isFinite).toArray();
    Scale y = limit == null ? Scale.fitting(drawn, BOTTOM, TOP) : upTo(limit.value());
    List<Markup> shapes = new ArrayList<>();
    shapes.addAll(axes(x, y, epochs, right));
    if (limit != null) {
      double at = y.at(limit.value());
      shapes.add(Svg.line("limit", LEFT, at, right, at));
      shapes.add(Svg.words("note", "start", LEFT + 4, at - 5, limit.name()));
    }
    for (Series one : series) {
      shapes.addAll(line(one, x, y));
    }
    series.stream()
        .map(s -> s.values().length)
        .distinct()
        .forEach(length -> shapes.addAll(names(length, x, y)));
    return Svg.drawing(id, WIDTH, HEIGHT, title, description, shapes);
  }

  /** Linear, and no higher than needed: a value near its limit is to be seen as such. */
  private static Scale upTo(double limit) {
    return Scale.linear(0, limit, BOTTOM, TOP + 16);
  }

  private List<Markup> axes(Scale x, Scale y, int epochs, double right) {
    List<Markup> shapes = new ArrayList<>();
    String axis = y.logarithmic() ? unit + " (logarithmic)" : unit;
    shapes.add(Svg.words("unit", "start", 0, 13, axis));
    for (double tick : y.ticks(4)) {
      shapes.add(Svg.line("grid", LEFT, y.at(tick), right, y.at(tick)));
      shapes.add(Svg.words("tick", "end", LEFT - 7, y.at(tick) + 4, format.apply(tick)));
    }
    for (double tick : x.ticks(6)) {
      if (tick == Math.rint(tick) && tick <= epochs) {
        shapes.add(Svg.words("tick", "middle", x.at(tick), BOTTOM + 18, Numbers.brief(tick)));
      }
    }
    shapes.add(Svg.words("unit", "end", right, BOTTOM + 34, "epoch"));
    return shapes;
  }

  private List<Markup> line(Series one, Scale x, Scale y) {
    double[][] points =
        IntStream.range(0, one.values().length)
            .filter(i -> Double.isFinite(one.values()[i]))
            .mapToObj(i -> new double[] {x.at(i + 1), y.at(one.values()[i])})
            .toArray(double[][]::new);
    List<Markup> shapes = new ArrayList<>();
    shapes.add(Svg.polyline("line s" + one.style(), points));
    for (int i = 0; i < one.values().length && one.values().length <= MOST_DOTS; i++) {
      double value = one.values()[i];
      if (Double.isFinite(value)) {
        shapes.add(
            Svg.hover(
                Svg.circle("dot s" + one.style(), x.at(i + 1), y.at(value), 3),
                one.name() + ", epoch " + (i + 1) + ": " + format.apply(value)));
      }
    }
    return shapes;
  }

  /**
   * The names of lines of one length at their ends, pushed apart where these lie close together.
   */
  private List<Markup> names(int length, Scale x, Scale y) {
    List<Series> byHeight =
        series.stream()
            .filter(s -> s.values().length == length && Double.isFinite(s.last()))
            .sorted(Comparator.comparingDouble(s -> y.at(s.last())))
            .toList();
    double[] at = byHeight.stream().mapToDouble(s -> y.at(s.last())).toArray();
    for (int i = 1; i < at.length; i++) {
      at[i] = Math.max(at[i], at[i - 1] + LINE);
    }
    for (int i = at.length - 1; i >= 0; i--) {
      double floor = i == at.length - 1 ? BOTTOM : at[i + 1] - LINE;
      at[i] = Math.min(at[i], floor);
    }
    List<Markup> names = new ArrayList<>();
    for (int i = 0; i < at.length; i++) {
      Series one = byHeight.get(i);
      names.add(
          Svg.words("name s" + one.style(), "start", x.at(length) + 8, at[i] + 4, one.name()));
    }
    return names;
  }
}
