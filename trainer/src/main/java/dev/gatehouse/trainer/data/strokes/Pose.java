package dev.gatehouse.trainer.data.strokes;

import dev.gatehouse.trainer.data.strokes.Figure.Point;

/**
 * Where the sheet lies on the canvas: mirror, wave, size, slant, turn and place, in this order.
 *
 * @param mirrored whether x runs from right to left
 * @param bendX amplitude of the wave of x along y, hundredths of the sheet
 * @param bendY amplitude of the wave of y along x, hundredths of the sheet
 * @param phase of both waves, radians
 * @param width of the sheet, pixels
 * @param height of the sheet, pixels
 * @param slant pixels to the right for each pixel upwards
 * @param rotation radians, clockwise as y points down
 * @param x the sheet's middle, pixels
 * @param y the sheet's middle, pixels
 */
record Pose(
    boolean mirrored,
    double bendX,
    double bendY,
    double phase,
    double width,
    double height,
    double slant,
    double rotation,
    double x,
    double y) {
  private static final double SHEET = 100;

  /** A pose by chance, within the limits of {@code difficulty}. */
  static Pose random(StrokesDifficulty difficulty, double size, boolean mirrored, SplitMix random) {
    double scale = size * random.between(difficulty.smallest(), 1);
    double stretch = 1 + random.unit() * difficulty.aspect();
    boolean wide = random.chance(0.5);
    return new Pose(
        mirrored,
        random.around(difficulty.bend()),
        random.around(difficulty.bend()),
        random.around(Math.PI),
        wide ? scale : scale / stretch,
        wide ? scale / stretch : scale,
        random.around(difficulty.slant()),
        random.around(difficulty.rotation()),
        Hand.SIDE / 2.0 + random.around(difficulty.shift()),
        Hand.SIDE / 2.0 + random.around(difficulty.shift()));
  }

  /** Where a point of the sheet lies on the canvas, pixels. */
  Point place(Point point) {
    double u = (mirrored ? SHEET - point.x() : point.x()) / SHEET - 0.5;
    double v = point.y() / SHEET - 0.5;
    double wavedU = u + bendX / SHEET * StrictMath.sin(Math.PI * 1.5 * v + phase);
    double wavedV = v + bendY / SHEET * StrictMath.sin(Math.PI * 1.5 * u + phase);
    double down = wavedV * height;
    double right = wavedU * width - slant * down;
    double cos = StrictMath.cos(rotation);
    double sin = StrictMath.sin(rotation);
    return new Point(x + cos * right - sin * down, y + sin * right + cos * down);
  }
}
