package dev.gatehouse.engine.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.gatehouse.engine.runtime.PinnedRows;
import dev.gatehouse.engine.tensor.RowSource;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.network.InputSpec;
import dev.gatehouse.proto.network.Shape;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Which values are let through to the graphs. */
class InputCheckTest {
  private static final float[] EDGES = {
    0f,
    -0f,
    Float.MIN_VALUE,
    -Float.MIN_VALUE,
    255f,
    Math.nextUp(255f),
    Math.nextDown(255f),
    1f,
    -1f,
    Math.nextUp(1f),
    -Math.nextUp(1f),
    Float.MAX_VALUE,
    -Float.MAX_VALUE,
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    Float.NaN,
    Float.intBitsToFloat(0xffc00000),
    Float.intBitsToFloat(0x7f800001),
  };

  private static InputSpec input(int length, double min, double max) {
    return new InputSpec(
        "x",
        InputSpec.Datatype.FP32,
        Shape.of(1, 1, length),
        min,
        max,
        new InputSpec.Normalisation(1, List.of(0.0), List.of(1.0)));
  }

  private record Rows(int count, int rowLength, float... values) implements RowSource {
    @Override
    public void write(int from, int rows, FloatBuffer target, int at) {
      target.put(at, values, from * rowLength, rows * rowLength);
    }
  }

  /** Random rows of which most are right, with the edges of every range strewn in. */
  @Test
  void shouldRefuseExactlyWhatAPlainComparisonRefuses() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    double[][] ranges = {
      {0, 255},
      {0, 1},
      {-3, 2.5},
      {0, Float.MAX_VALUE},
      {1, 4},
      {-1, 1},
      {-Float.MAX_VALUE, Float.MAX_VALUE},
    };
    int refused = 0;
    for (int round = 0; round < 20_000; round++) {
      int length = 1 + random.nextInt(9);
      int before = random.nextInt(4);
      int count = 1 + random.nextInt(3);
      double[] range = ranges[random.nextInt(ranges.length)];
      float[] values = new float[count * length];
      for (int i = 0; i < values.length; i++) {
        values[i] =
            random.nextInt(values.length + 2) == 0
                ? EDGES[random.nextInt(EDGES.length)]
                : (float) (range[0] + random.nextDouble() * (Math.min(range[1], 9) - range[0]));
      }
      try (PinnedRows in = new PinnedRows("x", List.of(length))) {
        in.reserve(before + count);
        // What other calls left there must not matter.
        for (int i = 0; i < in.values().capacity(); i++) {
          in.values().put(i, Float.NaN);
        }
        Rows rows = new Rows(count, length, values);
        rows.write(0, count, in.values(), before * length);

        Throwable thrown =
            catchThrowable(
                () ->
                    new InputCheck(input(length, range[0], range[1]), false)
                        .checkValues(rows, in, before));

        int wrong = 0;
        while (wrong < values.length
            && values[wrong] >= (float) range[0]
            && values[wrong] <= (float) range[1]) {
          wrong++;
        }
        if (wrong == values.length) {
          assertThat(thrown).as("seed %d, round %d", seed, round).isNull();
        } else {
          refused++;
          assertThat(thrown)
              .as("seed %d, round %d", seed, round)
              .isInstanceOf(BadInput.class)
              .hasMessage(
                  "x must be in [%s, %s]; row %d holds %s at %d"
                      .formatted(
                          (float) range[0],
                          (float) range[1],
                          wrong / length,
                          values[wrong],
                          wrong % length));
        }
      }
    }
    assertThat(refused).as("seed %d", seed).isBetween(2_000, 18_000);
  }
}
