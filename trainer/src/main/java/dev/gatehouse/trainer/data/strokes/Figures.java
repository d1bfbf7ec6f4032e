package dev.gatehouse.trainer.data.strokes;

import dev.gatehouse.trainer.data.strokes.Figure.Knot;
import dev.gatehouse.trainer.data.strokes.Figure.Point;
import dev.gatehouse.trainer.data.strokes.Figure.Stroke;
import dev.gatehouse.trainer.data.strokes.Figure.Style;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads figures from text. A line is one of
 *
 * <pre>
 * figure FAMILY NAME     begins a class
 * style NAME [mirrored]  begins one way to draw it
 * line KNOT ... [close]  a stroke
 * fill KNOT ... [close]  a stroke whose inside is painted
 * </pre>
 *
 * where a knot is {@code x,y} for a corner and {@code ~x,y} for a point passed smoothly. Empty
 * lines and lines that begin with {@code #} say nothing.
 */
public final class Figures {
  private static final String RESOURCE = "figures.txt";

  private final List<Figure> figures = new ArrayList<>();
  private String family = "";
  private String name = "";
  private List<Style> styles = new ArrayList<>();
  private String style = "";
  private boolean mirrored;
  private List<Point> points = new ArrayList<>();
  private List<Stroke> strokes = new ArrayList<>();

  private Figures() {}

  /** The figures of the embedded data set, in the order of its labels. */
  public static List<Figure> embedded() {
    try (InputStream in = Figures.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(RESOURCE + " is missing beside " + Figures.class);
      }
      return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The figures that {@code text} describes.
   *
   * @throws IllegalArgumentException when a line is none of the four kinds, with its number
   */
  static List<Figure> parse(String text) {
    Figures reader = new Figures();
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (!line.isEmpty() && !line.startsWith("#")) {
        try {
          reader.read(line.split(" +"), line);
        } catch (RuntimeException e) {
          throw new IllegalArgumentException("line " + (i + 1) + ": " + line, e);
        }
      }
    }
    reader.endFigure();
    return List.copyOf(reader.figures);
  }

  private void read(String[] words, String line) {
    switch (words[0]) {
      case "figure" -> {
        endFigure();
        family = words[1];
        name = line.split(" +", 3)[2];
      }
      case "style" -> {
        endStyle();
        style = words[1];
        mirrored = words.length > 2 && words[2].equals("mirrored");
      }
      case "line" -> strokes.add(stroke(words, false));
      case "fill" -> strokes.add(stroke(words, true));
      default -> throw new IllegalArgumentException("unknown word " + words[0]);
    }
  }

  private void endFigure() {
    endStyle();
    if (!styles.isEmpty()) {
      figures.add(new Figure(family, name, styles));
      styles = new ArrayList<>();
    }
  }

  private void endStyle() {
    if (!strokes.isEmpty()) {
      styles.add(new Style(style, mirrored, points, strokes));
      points = new ArrayList<>();
      strokes = new ArrayList<>();
    }
  }

  private Stroke stroke(String[] words, boolean filled) {
    boolean closed = words[words.length - 1].equals("close");
    List<Knot> knots = new ArrayList<>();
    for (int i = 1; i < words.length - (closed ? 1 : 0); i++) {
      knots.add(knot(words[i]));
    }
    return new Stroke(knots, closed, filled);
  }

  private Knot knot(String word) {
    boolean smooth = word.startsWith("~");
    String[] xy = word.substring(smooth ? 1 : 0).split(",", -1);
    if (xy.length != 2) {
      throw new IllegalArgumentException("a knot is x,y or ~x,y; knot=" + word);
    }
    Point point = new Point(Double.parseDouble(xy[0]), Double.parseDouble(xy[1]));
    if (!points.contains(point)) {
      points.add(point);
    }
    return new Knot(points.indexOf(point), smooth);
  }
}
