package dev.gatehouse.trainer.report;

import dev.gatehouse.proto.page.Markup;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.stream.Collectors;

/**
 * Values over epochs in small charts beside each other, all on the same scales, each with the lines
 * of all others faintly behind its own. A file of its own.
 *
 * @param title what it shows
 * @param note what a reader should know before
 * @param floor the least value that is told from none on a logarithmic axis
 * @param format writes a value
 * @param panels in their order
 */
public record LinePanels(
    String title, String note, double floor, DoubleFunction<String> format, List<Panel> panels) {
  private static final int COLUMNS = 2;
  private static final double GAP = 24;
  private static final double LENGTH = (Picture.WIDTH - GAP) / COLUMNS;
  private static final double LEFT = 38;
  private static final double HEIGHT = 96;

  /** Lines that fall by less than this have too few round values on a logarithmic axis. */
  private static final double WIDE = 5;

  /** Copies the list. */
  public LinePanels {
    panels = List.copyOf(panels);
  }

  /**
   * One of the charts.
   *
   * @param name stands above it
   * @param lines each named at its end
   */
  public record Panel(String name, List<Series> lines) {
    /** Copies the list. */
    public Panel {
      lines = List.copyOf(lines);
    }
  }

  /** The file's text. */
  public String svg() {
    if (panels.isEmpty()) {
      return Picture.empty(title, note);
    }
    boolean logarithmic = scale(0, HEIGHT).logarithmic();
    String said = logarithmic ? note + " The axis is logarithmic." : note;
    Picture picture = new Picture(title, said, description());
    double y = picture.top() + 10;
    List<Markup> shapes = new ArrayList<>();
    for (int i = 0; i < panels.size(); i += COLUMNS) {
      List<Panel> line = panels.subList(i, Math.min(panels.size(), i + COLUMNS));
      double names = line.stream().mapToInt(p -> name(p).size()).max().orElse(1);
      double top = y + Picture.LINE * names + 6;
      for (int j = 0; j < line.size(); j++) {
        shapes.add(panel(line.get(j), j * (LENGTH + GAP), top));
      }
      y = top + HEIGHT + 30 + GAP / 2;
    }
    return picture.svg(y - GAP / 2, shapes);
  }

  private static List<String> name(Panel panel) {
    return Picture.lines(panel.name(), LENGTH * Picture.LETTER / Picture.BOLD_LETTER);
  }

  private Markup panel(Panel panel, double left, double top) {
    List<Series> all = all();
    int epochs = all.stream().mapToInt(s -> s.values().length).max().orElse(1);
    int longest = all.stream().mapToInt(s -> s.name().length()).max().orElse(0);
    double right = left + LENGTH - 10 - longest * Picture.LETTER;
    LineFrame frame =
        new LineFrame(
            Scale.linear(1, Math.max(2, epochs), left + LEFT, right),
            scale(top + HEIGHT, top),
            format);
    List<Markup> shapes = new ArrayList<>();
    List<String> name = name(panel);
    for (int i = 0; i < name.size(); i++) {
      double base = top - 12 - Picture.LINE * (name.size() - 1 - i);
      shapes.add(Svg.words("head", "start", left, base, name.get(i)));
    }
    shapes.addAll(frame.values(3));
    shapes.addAll(frame.epochs(epochs, 4));
    all.stream()
        .filter(s -> !panel.lines().contains(s))
        .forEach(s -> shapes.add(frame.line("faint", floored(s))));
    List<Series> own =
        panel.lines().stream().map(s -> new Series(s.name(), s.style(), floored(s))).toList();
    own.forEach(s -> shapes.add(frame.line("line s" + s.style(), s.values())));
    shapes.addAll(frame.names(own));
    return Markup.tag("g", shapes).at("class", "panel");
  }

  private List<Series> all() {
    return panels.stream().flatMap(p -> p.lines().stream()).toList();
  }

  private Scale scale(double from, double to) {
    double[] values = all().stream().flatMapToDouble(s -> Arrays.stream(floored(s))).toArray();
    return Scale.fitting(values, WIDE, from, to);
  }

  private double[] floored(Series series) {
    return Arrays.stream(series.values()).map(v -> Math.max(floor, v)).toArray();
  }

  private String description() {
    return panels.stream()
        .map(
            p ->
                p.name()
                    + ": "
                    + p.lines().stream().map(Series::name).collect(Collectors.joining(", "))
                    + ".")
        .collect(Collectors.joining(" "));
  }
}
