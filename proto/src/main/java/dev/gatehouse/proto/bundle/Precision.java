package dev.gatehouse.proto.bundle;

import dev.gatehouse.proto.BadInput;
import org.jspecify.annotations.Nullable;

/**
 * How a bundle's graphs store their weights, and what it costs. Whatever the form, the graphs
 * compute with float32.
 *
 * @param weights the form
 * @param measured what rounding changes; null for float32, which is what was trained
 */
public record Precision(Weights weights, @Nullable Measured measured) {
  /** The weights as they were trained. */
  public static final Precision EXACT = new Precision(Weights.FLOAT32, null);

  /** Checks that rounded weights were measured, and only they. */
  public Precision {
    if ((measured == null) != (weights == Weights.FLOAT32)) {
      throw new BadInput(
          "rounded weights are measured, float32 ones are not; weights=%s, measured=%s"
              .formatted(weights, measured));
    }
  }

  /** Forms of weights. */
  public enum Weights {
    /** IEEE 754 binary32. */
    FLOAT32(4),
    /** IEEE 754 binary16. */
    FLOAT16(2),
    /** 8-bit integers with one scale an output. */
    INT8(1);

    private final int bytes;

    Weights(int bytes) {
      this.bytes = bytes;
    }

    /** Bytes of a weight in a file; in memory each takes four. */
    public int bytes() {
      return bytes;
    }
  }

  /** Rows that a model may be measured on. */
  public enum On {
    /** The data set's test rows. */
    TEST,
    /** The self-test's rows, where the data were not at hand. */
    SELF_TEST
  }

  /**
   * The model with float32 weights and the one that was exported, on the same labelled rows.
   *
   * @param on which rows
   * @param rows number of rows
   * @param float32Error share of rows that the model with float32 weights gets wrong
   * @param error share of rows that the exported model gets wrong
   * @param changed share of rows to which they give another class
   * @param largestDifference largest absolute difference of a class probability
   */
  public record Measured(
      On on,
      long rows,
      double float32Error,
      double error,
      double changed,
      double largestDifference) {}
}
