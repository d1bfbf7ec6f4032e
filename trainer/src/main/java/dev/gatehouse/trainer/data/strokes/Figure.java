package dev.gatehouse.trainer.data.strokes;

import java.util.List;

/**
 * What one class looks like.
 *
 * @param family {@code digit} or {@code garment}
 * @param name name of the class
 * @param styles the ways to draw it, at least one
 */
public record Figure(String family, String name, List<Style> styles) {
  /** Copies the list. */
  public Figure {
    styles = List.copyOf(styles);
    if (styles.isEmpty()) {
      throw new IllegalArgumentException("a figure has at least one style; figure=" + name);
    }
  }

  /**
   * One way to draw a class.
   *
   * @param name tells the styles of a class apart
   * @param mirrored whether half of the drawings are seen in a mirror
   * @param points distinct points of all strokes, on a sheet of 100 x 100, y downwards
   * @param strokes in the order in which they are drawn
   */
  record Style(String name, boolean mirrored, List<Point> points, List<Stroke> strokes) {
    Style {
      points = List.copyOf(points);
      strokes = List.copyOf(strokes);
    }
  }

  /** A point of the sheet, or of the canvas in pixels. */
  record Point(double x, double y) {}

  /**
   * A curve through knots.
   *
   * @param knots at least two
   * @param closed whether it returns to its first knot
   * @param filled whether its inside is painted
   */
  record Stroke(List<Knot> knots, boolean closed, boolean filled) {
    Stroke {
      knots = List.copyOf(knots);
      if (knots.size() < 2) {
        throw new IllegalArgumentException("a stroke has at least two knots; knots=" + knots);
      }
    }
  }

  /**
   * Where a stroke passes.
   *
   * @param point index into the style's points
   * @param smooth whether the stroke passes without a corner
   */
  record Knot(int point, boolean smooth) {}
}
