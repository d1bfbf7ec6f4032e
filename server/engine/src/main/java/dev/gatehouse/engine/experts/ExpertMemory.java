package dev.gatehouse.engine.experts;

import dev.gatehouse.proto.BadInput;
import java.util.List;

/**
 * How much memory experts may take.
 *
 * @param limit bytes in all; {@link Long#MAX_VALUE} for as much as they need
 * @param bytes {@code [experts]} what each takes when it is loaded
 * @param shares {@code [experts]} how much each is expected to be used, such as its share of the
 *     rows at training time; the most used are loaded at start
 */
public record ExpertMemory(long limit, List<Long> bytes, List<Double> shares) {
  /**
   * Bytes in memory for each byte of a graph's file: ONNX Runtime keeps a copy of weights in the
   * order in which its kernels read them. Measured: 2.05 MB of weights take 3.5 MB.
   */
  private static final double GROWTH = 1.75;

  /** Checks that any expert fits. */
  public ExpertMemory {
    bytes = List.copyOf(bytes);
    shares = List.copyOf(shares);
    long largest = bytes.stream().mapToLong(Long::longValue).max().orElse(0);
    if (limit < largest) {
      throw new BadInput(
          "the largest expert takes %,d bytes of memory; the limit for all is %,d"
              .formatted(largest, limit));
    }
  }

  /** What a graph of {@code fileBytes} takes once it is loaded. */
  public static long loaded(long fileBytes) {
    return (long) (GROWTH * fileBytes);
  }

  /** True when all experts are in memory for good. */
  boolean holdsAll() {
    return bytes.stream().mapToLong(Long::longValue).sum() <= limit;
  }
}
