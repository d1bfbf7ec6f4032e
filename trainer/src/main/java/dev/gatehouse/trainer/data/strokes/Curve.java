package dev.gatehouse.trainer.data.strokes;

import dev.gatehouse.trainer.data.strokes.Figure.Knot;
import dev.gatehouse.trainer.data.strokes.Figure.Point;
import dev.gatehouse.trainer.data.strokes.Figure.Stroke;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns a stroke into straight pieces.
 *
 * <p>Between two knots runs a cubic Hermite curve. At a smooth knot its tangent points along the
 * chord of the neighbours, as in a Catmull-Rom spline, with a length in proportion to the piece, so
 * that uneven knots make no loops. At a corner beside a smooth knot the piece ends without
 * curvature of its own choice (a parabola), and between two corners it is straight.
 */
final class Curve {
  private static final int PIECES = 7;

  /**
   * Tangent over piece length. Four smooth knots on a circle would want 1.17 for the best circle,
   * gentle turns want 1.
   */
  private static final double TENSION = 1.12;

  private final Stroke stroke;
  private final List<Point> points;

  private Curve(Stroke stroke, List<Point> points) {
    this.stroke = stroke;
    this.points = points;
  }

  /**
   * The stroke's course; of a closed stroke the last point is the first one.
   *
   * @param points where the style's points lie now
   */
  static List<Point> course(Stroke stroke, List<Point> points) {
    return new Curve(stroke, points).course();
  }

  private List<Point> course() {
    int knots = stroke.knots().size();
    List<Point> course = new ArrayList<>();
    course.add(at(0));
    for (int i = 0; i < (stroke.closed() ? knots : knots - 1); i++) {
      piece(i, course);
    }
    return course;
  }

  private void piece(int i, List<Point> course) {
    Point from = at(i);
    Point to = at(i + 1);
    boolean startsSmooth = smooth(i);
    boolean endsSmooth = smooth(i + 1);
    if (!startsSmooth && !endsSmooth) {
      course.add(to);
      return;
    }
    double length = length(from, to);
    Point leaving = startsSmooth ? tangent(i, length) : natural(from, to, tangent(i + 1, length));
    Point arriving = endsSmooth ? tangent(i + 1, length) : natural(from, to, leaving);
    for (int k = 1; k <= PIECES; k++) {
      course.add(hermite(from, leaving, to, arriving, (double) k / PIECES));
    }
  }

  private static Point hermite(Point from, Point leaving, Point to, Point arriving, double t) {
    double t2 = t * t;
    double t3 = t2 * t;
    double a = 2 * t3 - 3 * t2 + 1;
    double b = t3 - 2 * t2 + t;
    double c = 3 * t2 - 2 * t3;
    double d = t3 - t2;
    return new Point(
        a * from.x() + b * leaving.x() + c * to.x() + d * arriving.x(),
        a * from.y() + b * leaving.y() + c * to.y() + d * arriving.y());
  }

  private Point tangent(int i, double pieceLength) {
    Point before = at(i - 1);
    Point after = at(i + 1);
    double chord = length(before, after);
    double scale = chord == 0 ? 0 : TENSION * pieceLength / chord;
    return new Point(scale * (after.x() - before.x()), scale * (after.y() - before.y()));
  }

  /** The tangent at the other end that makes the piece a parabola. */
  private static Point natural(Point from, Point to, Point tangent) {
    return new Point(2 * (to.x() - from.x()) - tangent.x(), 2 * (to.y() - from.y()) - tangent.y());
  }

  private static double length(Point a, Point b) {
    double dx = b.x() - a.x();
    double dy = b.y() - a.y();
    return Math.sqrt(dx * dx + dy * dy);
  }

  private Point at(int i) {
    return points.get(knot(i).point());
  }

  /** An end of an open stroke has but one neighbour and is a corner, whatever its knot says. */
  private boolean smooth(int i) {
    boolean end = !stroke.closed() && (i == 0 || i == stroke.knots().size() - 1);
    return knot(i).smooth() && !end;
  }

  private Knot knot(int i) {
    return stroke.knots().get(Math.floorMod(i, stroke.knots().size()));
  }
}
