package dev.gatehouse.trainer.data;

import dev.gatehouse.proto.file.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Splits rows by a hash of what names them, so that a row stays where it is whichever others come
 * or go, and that equal rows stay together.
 *
 * @param seed another seed is another split
 */
record HashSplit(long seed) {
  private static final int TENTHS = 10;
  private static final int FIFTHS = 5;

  /** Eight tenths to train, one to validate, one to test. */
  Split of(ByteBuffer key) {
    return switch (part(key, TENTHS)) {
      case TENTHS - 1 -> Split.TEST;
      case TENTHS - 2 -> Split.VALIDATION;
      default -> Split.TRAIN;
    };
  }

  /** As {@link #of(ByteBuffer)}, of the name's UTF-8 bytes. */
  Split of(String key) {
    return of(bytes(key));
  }

  /** Four fifths to train, one to validate; for data that bring their own test rows. */
  Split ofTraining(ByteBuffer key) {
    return part(key, FIFTHS) == FIFTHS - 1 ? Split.VALIDATION : Split.TRAIN;
  }

  /** As {@link #ofTraining(ByteBuffer)}, of the name's UTF-8 bytes. */
  Split ofTraining(String key) {
    return ofTraining(bytes(key));
  }

  private static ByteBuffer bytes(String key) {
    return ByteBuffer.wrap(key.getBytes(StandardCharsets.UTF_8));
  }

  private int part(ByteBuffer key, int parts) {
    ByteBuffer start = ByteBuffer.allocate(Long.BYTES).putLong(0, seed);
    String hash = Sha256.of(List.of(start, key));
    return (int) Long.remainderUnsigned(Long.parseUnsignedLong(hash, 0, 16, 16), parts);
  }
}
