package dev.gatehouse.trainer.report;

import dev.gatehouse.proto.page.Markup;
import dev.gatehouse.proto.page.Numbers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/**
 * Measurements over a size that grows by factors, in small charts beside each other under one key.
 * A file of its own.
 *
 * @param title what it shows
 * @param note what a reader should know before
 * @param x what the size is; its axis is logarithmic
 * @param panels in their order
 */
public record LinePlot(String title, String note, String x, List<Panel> panels) {
  private static final int COLUMNS = 2;
  private static final double GAP = 24;
  private static final double LENGTH = (Picture.WIDTH - GAP) / COLUMNS;
  private static final double LEFT = 44;
  private static final double RIGHT = 10;
  private static final double HEIGHT = 130;
  private static final double SAMPLE = 26;

  /** Copies the list. */
  public LinePlot {
    panels = List.copyOf(panels);
  }

  /**
   * One of the charts, on a scale of its own.
   *
   * @param name what is measured, with its unit
   * @param lines at least one
   * @param limit a value to compare with, drawn as a dashed line; null for none
   */
  public record Panel(String name, List<Line> lines, @Nullable Double limit) {
    /** Copies the list. */
    public Panel {
      lines = List.copyOf(lines);
    }
  }

  /**
   * Measurements of one kind.
   *
   * @param name the same in every panel
   * @param style number of its colour and dash pattern, the same in every panel
   * @param x sizes, growing, above 0
   * @param y one for each
   */
  public record Line(String name, int style, double[] x, double[] y) {}

  /** The file's text. */
  public String svg() {
    if (panels.isEmpty()) {
      return Picture.empty(title, note);
    }
    Picture picture = new Picture(title, note, description());
    List<Markup> shapes = new ArrayList<>();
    double y = key(shapes, picture.top() + 4);
    for (int i = 0; i < panels.size(); i += COLUMNS) {
      double top = y + 42;
      for (int j = i; j < Math.min(panels.size(), i + COLUMNS); j++) {
        shapes.add(panel(panels.get(j), (j - i) * (LENGTH + GAP), top));
      }
      y = top + HEIGHT + 24;
    }
    return picture.svg(y, shapes);
  }

  /** What the lines are; returns where it ends. */
  private double key(List<Markup> shapes, double from) {
    Map<String, Line> named = new LinkedHashMap<>();
    panels.forEach(panel -> panel.lines().forEach(line -> named.putIfAbsent(line.name(), line)));
    double y = from;
    double x = 0;
    for (Line line : named.values()) {
      double length = SAMPLE + 6 + line.name().length() * Picture.LETTER + 16;
      if (x > 0 && x + length > Picture.WIDTH) {
        x = 0;
        y += Picture.LINE + 3;
      }
      shapes.add(Svg.line("line s" + line.style(), x, y, x + SAMPLE, y));
      shapes.add(Svg.words("note", "start", x + SAMPLE + 6, y + 4, line.name()));
      x += length;
    }
    return y;
  }

  private Markup panel(Panel panel, double left, double top) {
    double bottom = top + HEIGHT;
    double[] sizes = all(panel, Line::x);
    Scale across =
        new Scale(
            Arrays.stream(sizes).min().orElse(1),
            1.000001 * Arrays.stream(sizes).max().orElse(1),
            left + LEFT,
            left + LENGTH - RIGHT,
            true);
    Double limit = panel.limit();
    double[] values =
        limit == null
            ? all(panel, Line::y)
            : DoubleStream.concat(DoubleStream.of(limit), Arrays.stream(all(panel, Line::y)))
                .toArray();
    Scale up = Scale.fitting(values, bottom, top);
    List<Markup> shapes = new ArrayList<>();
    shapes.add(Svg.words("head", "start", left, top - 12, panel.name()));
    shapes.addAll(new LineFrame(across, up, Numbers::brief).values(4));
    Arrays.stream(sizes)
        .distinct()
        .forEach(
            size ->
                shapes.add(
                    Svg.words(
                        "tick", "middle", across.at(size), bottom + 18, Numbers.brief(size))));
    shapes.add(Svg.words("unit", "start", left, bottom + 18, x));
    if (limit != null) {
      double at = up.at(limit);
      shapes.add(Svg.line("limit", across.from(), at, across.to(), at));
    }
    for (Line line : panel.lines()) {
      double[][] points = new double[line.x().length][];
      for (int i = 0; i < points.length; i++) {
        points[i] = new double[] {across.at(line.x()[i]), up.at(line.y()[i])};
        shapes.add(
            Svg.hover(
                Svg.circle("dot s" + line.style(), points[i][0], points[i][1], 3), said(line, i)));
      }
      shapes.add(Svg.polyline("line s" + line.style(), points));
    }
    return Markup.tag("g", shapes).at("class", "panel");
  }

  private static double[] all(Panel panel, Function<Line, double[]> part) {
    return panel.lines().stream()
        .flatMapToDouble(line -> Arrays.stream(part.apply(line)))
        .toArray();
  }

  private String said(Line line, int i) {
    return "%s, %s %s: %s"
        .formatted(line.name(), x, Numbers.brief(line.x()[i]), Numbers.brief(line.y()[i]));
  }

  private String description() {
    return panels.stream().map(this::description).collect(Collectors.joining(" "));
  }

  private String description(Panel panel) {
    List<String> all = new ArrayList<>();
    for (Line line : panel.lines()) {
      for (int i = 0; i < line.x().length; i++) {
        all.add(said(line, i));
      }
    }
    return panel.name() + ": " + String.join("; ", all) + ".";
  }
}
