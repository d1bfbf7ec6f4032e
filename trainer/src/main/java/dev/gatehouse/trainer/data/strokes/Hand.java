package dev.gatehouse.trainer.data.strokes;

import dev.gatehouse.trainer.data.strokes.Figure.Point;
import dev.gatehouse.trainer.data.strokes.Figure.Stroke;
import dev.gatehouse.trainer.data.strokes.Figure.Style;
import java.util.List;

/**
 * Draws figures, none twice alike. The same seed and row give the same bytes on every machine,
 * whichever other rows are drawn.
 */
public final class Hand {
  /** Height and width of a drawing, pixels. */
  public static final int SIDE = 28;

  private final StrokesDifficulty difficulty;
  private final long seed;

  /**
   * A hand.
   *
   * @param difficulty how much drawings differ
   * @param seed chooses the drawings
   */
  public Hand(StrokesDifficulty difficulty, long seed) {
    this.difficulty = difficulty;
    this.seed = seed;
  }

  /**
   * Draws one row.
   *
   * @param figure what to draw
   * @param row number of the drawing
   * @return [28, 28] grey bytes, bright on dark
   */
  public byte[] draw(Figure figure, long row) {
    SplitMix random = SplitMix.stream(seed, row);
    Style style = figure.styles().get(random.below(figure.styles().size()));
    double size =
        figure.family().equals("digit") ? difficulty.digitSize() : difficulty.garmentSize();
    boolean mirrored = random.chance(0.5) && style.mirrored();
    Pose pose = Pose.random(difficulty, size, mirrored, random);
    List<Point> points =
        style.points().stream().map(point -> pose.place(shaken(point, random))).toList();
    Canvas canvas = new Canvas(SIDE);
    strokes(canvas, style.strokes(), points, random);
    double[] pixels = canvas.pixels();
    if (random.chance(difficulty.occlusion())) {
      wipe(pixels, random);
    }
    return bytes(blurred(pixels, random.unit() * difficulty.blur()), random);
  }

  private Point shaken(Point point, SplitMix random) {
    double dx = random.around(difficulty.jitter());
    double dy = random.around(difficulty.jitter());
    return new Point(point.x() + dx, point.y() + dy);
  }

  private void strokes(Canvas canvas, List<Stroke> strokes, List<Point> points, SplitMix random) {
    double halfWidth = random.between(difficulty.thinnest(), difficulty.thickest()) / 2;
    double ink = random.between(difficulty.faintest(), 1);
    double inside = ink * random.between(difficulty.palest(), difficulty.fullest());
    for (Stroke stroke : strokes) {
      List<Point> course = Curve.course(stroke, points);
      if (stroke.filled()) {
        canvas.fill(course, inside);
      }
      canvas.stroke(course, halfWidth, ink);
    }
  }

  private void wipe(double[] pixels, SplitMix random) {
    int width = 1 + random.below((int) difficulty.patch());
    int height = 1 + random.below((int) difficulty.patch());
    int left = random.below(SIDE - width);
    int top = random.below(SIDE - height);
    for (int y = top; y < top + height; y++) {
      for (int x = left; x < left + width; x++) {
        pixels[y * SIDE + x] = 0;
      }
    }
  }

  /** Spreads {@code share} of each pixel evenly over the 3 x 3 pixels around it. */
  private static double[] blurred(double[] pixels, double share) {
    double[] blurred = new double[pixels.length];
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        double sum = 0;
        for (int v = Math.max(0, y - 1); v <= Math.min(SIDE - 1, y + 1); v++) {
          for (int u = Math.max(0, x - 1); u <= Math.min(SIDE - 1, x + 1); u++) {
            sum += pixels[v * SIDE + u];
          }
        }
        int i = y * SIDE + x;
        blurred[i] = (1 - share) * pixels[i] + share * sum / 9;
      }
    }
    return blurred;
  }

  private byte[] bytes(double[] pixels, SplitMix random) {
    byte[] bytes = new byte[pixels.length];
    for (int i = 0; i < bytes.length; i++) {
      double noisy = pixels[i] + random.around(difficulty.noise());
      bytes[i] = (byte) (int) (Math.max(0, Math.min(1, noisy)) * 255 + 0.5);
    }
    return bytes;
  }
}
