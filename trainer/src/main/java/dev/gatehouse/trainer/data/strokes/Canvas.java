package dev.gatehouse.trainer.data.strokes;

import dev.gatehouse.trainer.data.strokes.Figure.Point;
import java.util.Arrays;
import java.util.List;

/**
 * A square of grey pixels, 0 to 1, that lines and areas are drawn on with smooth edges. Pixel (x,
 * y) covers [x, x+1) x [y, y+1). Where two things overlap the brighter one is seen. Plain IEEE
 * arithmetic throughout, so that the pixels are the same on every machine.
 */
final class Canvas {
  private static final int SCANS = 4;

  private final int side;
  private final double[] pixels;

  Canvas(int side) {
    this.side = side;
    this.pixels = new double[side * side];
  }

  /** The pixels, row-major; writing to them writes on the canvas. */
  double[] pixels() {
    return pixels;
  }

  /**
   * Draws straight lines from point to point with round ends.
   *
   * @param halfWidth half the pen's width, in pixels
   * @param ink brightness
   */
  void stroke(List<Point> course, double halfWidth, double ink) {
    for (int i = 1; i < course.size(); i++) {
      segment(course.get(i - 1), course.get(i), halfWidth, ink);
    }
  }

  private void segment(Point a, Point b, double halfWidth, double ink) {
    double reach = halfWidth + 1;
    int left = clamp(Math.min(a.x(), b.x()) - reach);
    int right = clamp(Math.max(a.x(), b.x()) + reach);
    int top = clamp(Math.min(a.y(), b.y()) - reach);
    int bottom = clamp(Math.max(a.y(), b.y()) + reach);
    double dx = b.x() - a.x();
    double dy = b.y() - a.y();
    double squared = dx * dx + dy * dy;
    for (int y = top; y <= bottom; y++) {
      for (int x = left; x <= right; x++) {
        double px = x + 0.5 - a.x();
        double py = y + 0.5 - a.y();
        double t = squared == 0 ? 0 : Math.max(0, Math.min(1, (px * dx + py * dy) / squared));
        double ex = px - t * dx;
        double ey = py - t * dy;
        double cover = halfWidth + 0.5 - Math.sqrt(ex * ex + ey * ey);
        brighten(x, y, ink * Math.min(1, cover));
      }
    }
  }

  /**
   * Paints what the closed course encloses (even-odd rule).
   *
   * @param ink brightness
   */
  void fill(List<Point> course, double ink) {
    double[] cover = new double[side];
    double[] crossings = new double[course.size()];
    for (int y = 0; y < side; y++) {
      Arrays.fill(cover, 0);
      for (int s = 0; s < SCANS; s++) {
        int count = crossings(course, y + (s + 0.5) / SCANS, crossings);
        for (int i = 0; i + 1 < count; i += 2) {
          span(cover, crossings[i], crossings[i + 1]);
        }
      }
      for (int x = 0; x < side; x++) {
        brighten(x, y, ink * cover[x] / SCANS);
      }
    }
  }

  private static int crossings(List<Point> course, double y, double[] crossings) {
    int count = 0;
    for (int i = 0; i < course.size(); i++) {
      Point a = course.get(i);
      Point b = course.get((i + 1) % course.size());
      if ((a.y() <= y) != (b.y() <= y)) {
        crossings[count++] = a.x() + (y - a.y()) / (b.y() - a.y()) * (b.x() - a.x());
      }
    }
    Arrays.sort(crossings, 0, count);
    return count;
  }

  private void span(double[] cover, double from, double to) {
    for (int x = clamp(from); x <= clamp(to); x++) {
      cover[x] += Math.max(0, Math.min(to, x + 1) - Math.max(from, x));
    }
  }

  private int clamp(double position) {
    return (int) Math.max(0, Math.min(side - 1, Math.floor(position)));
  }

  private void brighten(int x, int y, double value) {
    int i = y * side + x;
    pixels[i] = Math.max(pixels[i], value);
  }
}
