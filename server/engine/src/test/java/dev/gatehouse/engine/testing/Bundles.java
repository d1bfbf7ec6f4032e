package dev.gatehouse.engine.testing;

import dev.gatehouse.engine.tensor.Rows;
import dev.gatehouse.proto.bundle.Bundle;
import dev.gatehouse.proto.file.Safetensors;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/**
 * The committed bundles: images {@code [1, 8, 8]}, four classes. They stand for every bundle of
 * their format version in the world, so a later Gatehouse has to read them as they are.
 */
public final class Bundles {
  /** All names. */
  public static final List<String> ALL =
      List.of(
          "tiny-top1",
          "tiny-top2",
          "tiny-certified",
          "tiny-dense",
          "tiny-dense-top2",
          "tiny-single",
          "tiny-uint8",
          "tiny-int8",
          "tiny-fp16",
          "tiny-w8a8");

  private Bundles() {}

  /** The folder of version 1 of {@code name}. */
  public static Path of(String name) {
    return Path.of("src/test/resources/bundles", name, "1");
  }

  /**
   * Rows drawn from the self-test of {@code name}: none is so near a tie that rounding, which a
   * batch's size changes, gives it other experts.
   */
  public static Rows rows(String name, Random random, int count) {
    Safetensors.Tensor all = Bundle.open(of(name)).selfTest().rows();
    int length = all.data().remaining() / all.shape().get(0);
    ByteBuffer drawn = ByteBuffer.allocate(count * length);
    for (int i = 0; i < count; i++) {
      int row = random.nextInt(all.shape().get(0));
      drawn.put(i * length, all.data(), row * length, length);
    }
    return Rows.ofUint8(count, drawn);
  }
}
