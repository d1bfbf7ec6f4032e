package dev.gatehouse.trainer.testing;

import dev.gatehouse.proto.file.Safetensors.Tensor;
import dev.gatehouse.proto.network.InputSpec;
import dev.gatehouse.proto.network.Shape;
import dev.gatehouse.trainer.data.DataSet;
import dev.gatehouse.trainer.data.LabelledRows;
import java.util.List;
import java.util.Random;

/**
 * Images of 8x8 bytes in four classes of two families: a bright quarter (classes 0 and 1: upper
 * left or lower right) or a bright bar (2 and 3: upright or level) on noise. Chance is right in
 * 25%.
 */
public final class TinyData {
  public static final int SIDE = 8;
  public static final int CLASSES = 4;

  private TinyData() {}

  public static InputSpec input() {
    return new InputSpec(
        "image",
        InputSpec.Datatype.UINT8,
        Shape.of(1, SIDE, SIDE),
        0,
        255,
        new InputSpec.Normalisation(255, List.of(0.4), List.of(0.25)));
  }

  public static DataSet dataSet(long seed) {
    Random random = new Random(seed);
    return new DataSet(
        "tiny",
        "made in this test",
        input(),
        List.of("upper", "lower", "upright", "level"),
        List.of(0, 0, 1, 1),
        rows(600, random),
        rows(200, random),
        rows(200, random));
  }

  public static LabelledRows rows(int count, Random random) {
    byte[] pixels = new byte[count * SIDE * SIDE];
    int[] labels = new int[count];
    for (int row = 0; row < count; row++) {
      labels[row] = random.nextInt(CLASSES);
      for (int i = 0; i < SIDE * SIDE; i++) {
        int bright = bright(labels[row], i / SIDE, i % SIDE) ? 120 : 0;
        pixels[row * SIDE * SIDE + i] = (byte) (bright + random.nextInt(136));
      }
    }
    return new LabelledRows(Tensor.of(pixels, count, 1, SIDE, SIDE), labels);
  }

  private static boolean bright(int label, int y, int x) {
    return switch (label) {
      case 0 -> y < 4 && x < 4;
      case 1 -> y >= 4 && x >= 4;
      case 2 -> x == 3 || x == 4;
      default -> y == 3 || y == 4;
    };
  }
}
