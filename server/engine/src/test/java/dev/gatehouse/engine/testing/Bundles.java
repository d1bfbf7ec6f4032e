package dev.gatehouse.engine.testing;

import java.nio.file.Path;
import java.util.List;

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
          "tiny-dense",
          "tiny-dense-top2",
          "tiny-single",
          "tiny-uint8",
          "tiny-int8",
          "tiny-fp16");

  private Bundles() {}

  /** The folder of version 1 of {@code name}. */
  public static Path of(String name) {
    return Path.of("src/test/resources/bundles", name, "1");
  }
}
