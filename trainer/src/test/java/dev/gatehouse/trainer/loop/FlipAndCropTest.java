package dev.gatehouse.trainer.loop;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FlipAndCropTest {
  private static final int BORDER = 2;
  private static final int HEIGHT = 4;
  private static final int WIDTH = 7;
  private static final int PIXELS = 3 * HEIGHT * WIDTH;
  private static final FlipAndCrop AUGMENTATION = new FlipAndCrop(true, BORDER);

  private NDManager manager;

  @BeforeEach
  void open() {
    manager = NDManager.newBaseManager();
  }

  @AfterEach
  void close() {
    manager.close();
  }

  private byte[] altered(byte[] rows, long[] indices, int epoch, long seed) {
    return altered(AUGMENTATION, rows, indices, epoch, seed);
  }

  private byte[] altered(
      FlipAndCrop augmentation, byte[] rows, long[] indices, int epoch, long seed) {
    Shape shape = new Shape(indices.length, 3, HEIGHT, WIDTH);
    NDArray batch = manager.create(ByteBuffer.wrap(rows), shape, DataType.UINT8);
    NDArray altered = augmentation.apply(batch, indices, epoch, seed);
    assertThat(altered.getShape()).isEqualTo(shape);
    assertThat(altered.getDataType()).isEqualTo(DataType.UINT8);
    assertThat(batch.getShape()).isEqualTo(shape);
    return altered.toByteArray();
  }

  /** The image, flipped or not, with its border, cut out at (top, left), pixel by pixel. */
  private static byte[] cut(byte[] image, boolean flip, int top, int left) {
    byte[] cut = new byte[PIXELS];
    for (int c = 0; c < 3; c++) {
      for (int i = 0; i < HEIGHT; i++) {
        for (int j = 0; j < WIDTH; j++) {
          int y = Math.abs(i + top - BORDER);
          int x = Math.abs(j + left - BORDER);
          y = y >= HEIGHT ? 2 * (HEIGHT - 1) - y : y;
          x = x >= WIDTH ? 2 * (WIDTH - 1) - x : x;
          cut[(c * HEIGHT + i) * WIDTH + j] =
              image[(c * HEIGHT + y) * WIDTH + (flip ? WIDTH - 1 - x : x)];
        }
      }
    }
    return cut;
  }

  @Test
  void shouldReflectTheBorderWithoutRepeatingTheEdge() {
    byte[] image = new byte[PIXELS];
    for (int i = 0; i < PIXELS; i++) {
      image[i] = (byte) i;
    }

    // The first line of the cut at (2, 0) begins with the border, that at (2, 4) ends with it.
    assertThat(cut(image, false, 2, 0)).startsWith(2, 1, 0, 1, 2, 3, 4);
    assertThat(cut(image, false, 2, 4)).startsWith(2, 3, 4, 5, 6, 5, 4);
    assertThat(cut(image, true, 2, 2)).startsWith(6, 5, 4, 3, 2, 1, 0);
  }

  @Test
  void shouldMakeEveryCutOfPlainLoopsAndNoOther() {
    long seed = new Random().nextLong();
    byte[] image = new byte[PIXELS];
    new Random(seed).nextBytes(image);
    Map<ByteBuffer, Integer> seen = new HashMap<>();
    for (int flip = 0; flip < 2; flip++) {
      for (int top = 0; top <= 2 * BORDER; top++) {
        for (int left = 0; left <= 2 * BORDER; left++) {
          seen.put(ByteBuffer.wrap(cut(image, flip == 1, top, left)), 0);
        }
      }
    }
    assertThat(seen).as("seed %d", seed).hasSize(2 * 5 * 5);

    int rows = 10_000;
    byte[] batch = new byte[rows * PIXELS];
    for (int row = 0; row < rows; row++) {
      System.arraycopy(image, 0, batch, row * PIXELS, PIXELS);
    }
    byte[] altered = altered(batch, LongStream.range(0, rows).toArray(), 3, 11);

    for (int row = 0; row < rows; row++) {
      ByteBuffer one = ByteBuffer.wrap(altered, row * PIXELS, PIXELS);
      assertThat(seen).as("seed %d, row %d", seed, row).containsKey(one);
      seen.merge(one, 1, Integer::sum);
    }
    // 200 each are expected, with a deviation of 14.
    assertThat(seen.values()).allSatisfy(count -> assertThat(count).isBetween(120, 280));
  }

  @Test
  void shouldMoveAnImageWithoutMirroringItWhereThatIsNotAskedFor() {
    byte[] image = new byte[PIXELS];
    new Random(4).nextBytes(image);
    Set<ByteBuffer> moved = new HashSet<>();
    for (int top = 0; top <= 2 * BORDER; top++) {
      for (int left = 0; left <= 2 * BORDER; left++) {
        moved.add(ByteBuffer.wrap(cut(image, false, top, left)));
      }
    }
    FlipAndCrop shift = new FlipAndCrop(false, BORDER);
    Set<ByteBuffer> seen = new HashSet<>();
    for (int epoch = 0; epoch < 1_000; epoch++) {
      seen.add(ByteBuffer.wrap(altered(shift, image, new long[] {7}, epoch, 3)));
    }

    assertThat(seen).isEqualTo(moved);
  }

  @Test
  void shouldMirrorAnImageWithoutMovingItWhereThatIsNotAskedFor() {
    byte[] image = new byte[PIXELS];
    new Random(4).nextBytes(image);
    FlipAndCrop flip = new FlipAndCrop(true, 0);
    Set<ByteBuffer> seen = new HashSet<>();
    for (int epoch = 0; epoch < 50; epoch++) {
      seen.add(ByteBuffer.wrap(altered(flip, image, new long[] {7}, epoch, 3)));
    }

    assertThat(seen)
        .containsExactlyInAnyOrder(
            ByteBuffer.wrap(cut(image, false, BORDER, BORDER)),
            ByteBuffer.wrap(cut(image, true, BORDER, BORDER)));
  }

  @Test
  void shouldDependOnSeedEpochAndRowAloneAndNotOnTheBatch() {
    byte[] batch = new byte[8 * PIXELS];
    new Random(1).nextBytes(batch);
    long[] indices = {70, 3, 500, 41, 6, 9_999, 12, 0};
    byte[] whole = altered(batch, indices, 2, 5);

    for (int row = 0; row < indices.length; row++) {
      byte[] one = Arrays.copyOfRange(batch, row * PIXELS, (row + 1) * PIXELS);
      assertThat(altered(one, new long[] {indices[row]}, 2, 5))
          .isEqualTo(Arrays.copyOfRange(whole, row * PIXELS, (row + 1) * PIXELS));
    }
    assertThat(altered(batch, indices, 3, 5)).isNotEqualTo(whole);
    assertThat(altered(batch, indices, 2, 6)).isNotEqualTo(whole);
  }
}
