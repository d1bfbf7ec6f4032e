package dev.gatehouse.trainer.report;

import dev.gatehouse.proto.page.Markup;
import dev.gatehouse.proto.page.Numbers;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;

/**
 * A line for each of several methods, with a dot at its figure in one or more panels. A file of its
 * own.
 *
 * @param title what it shows
 * @param note what a reader should know before
 * @param reference whose figures the dots' {@link Dot#reference} are
 * @param lines names of the methods
 * @param panels beside each other, each with a dot a method
 */
public record DotPlot(
    String title, String note, String reference, List<String> lines, List<Panel> panels) {
  private static final double GAP = 12;
  private static final double LABEL = 176;

  /** Copies the lists. */
  public DotPlot {
    lines = List.copyOf(lines);
    panels = List.copyOf(panels);
    for (Panel panel : panels) {
      if (panel.dots().size() != lines.size()) {
        throw new IllegalArgumentException(
            panel.name() + ": " + panel.dots().size() + " dots for " + lines.size() + " lines");
      }
    }
  }

  /**
   * One axis with its dots.
   *
   * @param name what the values are, with their unit
   * @param range what the axis shows
   * @param format writes a value
   * @param dots one a line
   */
  public record Panel(String name, Range range, DoubleFunction<String> format, List<Dot> dots) {
    /** Copies the list. */
    public Panel {
      dots = List.copyOf(dots);
    }

    /** Room for the numbers behind the axis. */
    private double numbers() {
      int longest = dots.stream().mapToInt(dot -> number(dot).length()).max().orElse(0);
      return GAP + longest * Picture.LETTER;
    }

    private String number(Dot dot) {
      return dot.mean() == null ? dot.missing() : format.apply(dot.mean());
    }
  }

  /** What an axis shows. */
  public sealed interface Range {}

  /** All values, wherever 0 lies; what is far from the others is an arrow at its end. */
  public record Near() implements Range {}

  /** From 0; what is far above the others is an arrow at its end. */
  public record FromZero() implements Range {}

  /**
   * From 0 to what cannot be passed.
   *
   * @param limit more than 0
   */
  public record UpTo(double limit) implements Range {}

  /** The file's text. */
  public String svg() {
    if (lines.isEmpty()) {
      return Picture.empty(title, note);
    }
    Picture picture = new Picture(title, note, description());
    double top = picture.top() + 56;
    List<Markup> shapes = new ArrayList<>(key(picture.top() + 4));
    double bottom = top + lines.stream().mapToDouble(line -> height(label(line))).sum();
    double room = (Picture.WIDTH - labels()) / Math.max(1, panels.size());
    List<Scale> scales = new ArrayList<>();
    for (int i = 0; i < panels.size(); i++) {
      double left = labels() + i * room;
      double right = left + room - panels.get(i).numbers() - GAP;
      Scale scale = scale(panels.get(i), left + GAP, right);
      scales.add(scale);
      shapes.addAll(axis(panels.get(i), scale, top, bottom));
    }
    double at = top;
    for (int i = 0; i < lines.size(); i++) {
      List<String> label = label(lines.get(i));
      shapes.add(line(i, label, at + height(label) / 2, scales));
      at += height(label);
    }
    return picture.svg(bottom + 20, shapes);
  }

  private double labels() {
    double longest =
        lines.stream()
            .flatMap(line -> label(line).stream())
            .mapToDouble(part -> part.length() * Picture.LETTER)
            .max()
            .orElse(0);
    return longest + 4;
  }

  private static List<String> label(String line) {
    return Picture.lines(line, LABEL);
  }

  private static double height(List<String> label) {
    return 9 + Picture.LINE * label.size();
  }

  private static Scale scale(Panel panel, double from, double to) {
    if (panel.range() instanceof UpTo upTo) {
      return Scale.linear(0, upTo.limit(), from, to);
    }
    Fence fence = Fence.of(panel.dots().stream().flatMapToDouble(Dot::figures).toArray());
    double[] shown = panel.dots().stream().flatMapToDouble(Dot::all).filter(fence::has).toArray();
    return panel.range() instanceof Near
        ? Scale.near(shown, from, to)
        : Scale.linear(shown, from, to);
  }

  private static List<Markup> axis(Panel panel, Scale scale, double top, double bottom) {
    List<Markup> shapes = new ArrayList<>();
    shapes.add(Svg.words("head", "start", scale.from(), top - 26, panel.name()));
    for (double tick : scale.ticks(scale.to() - scale.from() > 200 ? 5 : 3)) {
      double x = scale.at(tick);
      String number = Numbers.brief(tick);
      shapes.add(Svg.line("grid", x, top, x, bottom));
      shapes.add(Svg.words("tick", "middle", x, top - 7, number));
      shapes.add(Svg.words("tick", "middle", x, bottom + 16, number));
    }
    if (panel.range() instanceof UpTo) {
      shapes.add(Svg.line("limit", scale.to(), top, scale.to(), bottom));
    }
    return shapes;
  }

  private Markup line(int i, List<String> label, double y, List<Scale> scales) {
    List<Markup> shapes = new ArrayList<>();
    for (int k = 0; k < label.size(); k++) {
      double base = y + 4 + Picture.LINE * (k - (label.size() - 1) / 2.0);
      shapes.add(Svg.words("label", "start", 0, base, label.get(k)));
    }
    for (int p = 0; p < panels.size(); p++) {
      Panel panel = panels.get(p);
      Dot dot = panel.dots().get(i);
      Scale x = scales.get(p);
      shapes.add(Svg.line("grid", x.from(), y, x.to(), y));
      shapes.addAll(dot.draw(x, y));
      String kind = dot.mean() == null ? "note" : "value";
      shapes.add(Svg.words(kind, "end", x.to() + panel.numbers(), y + 4, panel.number(dot)));
    }
    return Markup.tag("g", shapes).at("class", "method");
  }

  /** What the marks are, by the marks themselves; those that no line has are left out. */
  private List<Markup> key(double y) {
    List<Dot> dots = panels.stream().flatMap(p -> p.dots().stream()).toList();
    List<Markup> shapes = new ArrayList<>();
    double x = 0;
    if (dots.stream().anyMatch(d -> d.mean() != null)) {
      x = named(shapes, Dot.mean(x + 5, y), x + 14, y, "mean");
    }
    if (dots.stream().anyMatch(d -> d.interval() != null)) {
      x = named(shapes, Svg.line("interval", x, y, x + 22, y), x + 28, y, "its 95% interval");
    }
    if (dots.stream().anyMatch(Dot::hasSeeds)) {
      x = named(shapes, Dot.seed(x + 3, y), x + 11, y, "one seed");
    }
    if (dots.stream().anyMatch(d -> d.reference() != null)) {
      named(shapes, Dot.reference(x + 5, y), x + 15, y, reference);
    }
    return shapes;
  }

  /** Adds a mark and its name; returns where the next may stand. */
  private static double named(List<Markup> to, Markup mark, double x, double y, String name) {
    to.add(mark);
    to.add(Svg.words("note", "start", x, y + 4, name));
    return x + name.length() * Picture.LETTER + 16;
  }

  private String description() {
    StringBuilder said = new StringBuilder();
    for (int i = 0; i < lines.size(); i++) {
      said.append(i == 0 ? "" : " ").append(lines.get(i)).append(':');
      for (Panel panel : panels) {
        Dot dot = panel.dots().get(i);
        said.append(' ').append(panel.name()).append(' ').append(panel.number(dot));
        if (dot.reference() != null) {
          said.append(" (").append(reference).append(' ');
          said.append(panel.format().apply(dot.reference())).append(')');
        }
        said.append(';');
      }
    }
    return said.toString();
  }
}
