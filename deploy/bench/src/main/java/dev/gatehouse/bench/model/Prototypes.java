package dev.gatehouse.bench.model;

import dev.gatehouse.proto.network.InputSpec;
import dev.gatehouse.proto.network.Shape;
import java.nio.FloatBuffer;
import java.util.SplittableRandom;

/**
 * What rows look like: one prototype for each expert, and around it rows with a little noise. A
 * picture's prototype is a coarse random pattern, a feature vector's a random point.
 */
public final class Prototypes {
  private static final int GRID = 6;

  /** The noise's share of an input's range. */
  private static final double NOISE = 0.02;

  private final InputSpec input;
  private final float[][] prototypes;

  private Prototypes(InputSpec input, float[][] prototypes) {
    this.input = input;
    this.prototypes = prototypes;
  }

  /** {@code count} prototypes. */
  public static Prototypes of(InputSpec input, int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[][] prototypes = new float[count][];
    for (int i = 0; i < count; i++) {
      prototypes[i] = input.shape().isImage() ? picture(input, random) : point(input, random);
    }
    return new Prototypes(input, prototypes);
  }

  /** Number of prototypes. */
  public int count() {
    return prototypes.length;
  }

  /** What a row is. */
  public InputSpec input() {
    return input;
  }

  /** Writes a row near prototype {@code i} to {@code to}, from index {@code at} on. */
  public void row(int i, SplittableRandom random, FloatBuffer to, int at) {
    float[] prototype = prototypes[i];
    double noise = NOISE * (input.max() - input.min());
    for (int e = 0; e < prototype.length; e++) {
      double value = prototype[e] + noise * (2 * random.nextDouble() - 1);
      to.put(at + e, value(value));
    }
  }

  private float value(double value) {
    double within = Math.min(input.max(), Math.max(input.min(), value));
    return (float) (input.datatype() == InputSpec.Datatype.UINT8 ? Math.rint(within) : within);
  }

  private static float[] point(InputSpec input, SplittableRandom random) {
    float[] values = new float[input.shape().elements()];
    for (int e = 0; e < values.length; e++) {
      values[e] = (float) (2 * random.nextDouble() - 1);
    }
    return values;
  }

  private static float[] picture(InputSpec input, SplittableRandom random) {
    Shape shape = input.shape();
    int height = shape.dims().get(1);
    int width = shape.dims().get(2);
    float[] values = new float[shape.elements()];
    for (int from = 0; from < values.length; from += height * width) {
      double[][] grid = new double[GRID][GRID];
      for (double[] line : grid) {
        for (int x = 0; x < GRID; x++) {
          line[x] = input.max() * random.nextDouble();
        }
      }
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          values[from + y * width + x] = (float) between(grid, at(y, height), at(x, width));
        }
      }
    }
    return values;
  }

  /** Where a pixel lies on the grid. */
  private static double at(int pixel, int pixels) {
    return pixel * (GRID - 1.0) / pixels;
  }

  private static double between(double[][] grid, double y, double x) {
    int top = (int) y;
    int left = (int) x;
    double down = y - top;
    double right = x - left;
    return (1 - down) * ((1 - right) * grid[top][left] + right * grid[top][left + 1])
        + down * ((1 - right) * grid[top + 1][left] + right * grid[top + 1][left + 1]);
  }
}
