package dev.gatehouse.engine.runtime;

import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;

/**
 * Where a session writes one of its outputs: a caller's direct buffer, so that nothing is copied.
 * In all of them {@code output} names the output and {@code shape} is its whole shape.
 */
public sealed interface Target {
  /** Name of the output. */
  String output();

  /** The whole shape. */
  long[] shape();

  /**
   * An output of floats.
   *
   * @param values direct, native order, exactly the shape's elements from position to limit
   */
  record Floats(String output, FloatBuffer values, long... shape) implements Target {
    /** Checks the buffer. */
    public Floats {
      fits(output, values.isDirect(), values.order(), values.remaining(), shape);
    }
  }

  /**
   * An output of 64-bit integers.
   *
   * @param values direct, native order, exactly the shape's elements from position to limit
   */
  record Longs(String output, LongBuffer values, long... shape) implements Target {
    /** Checks the buffer. */
    public Longs {
      fits(output, values.isDirect(), values.order(), values.remaining(), shape);
    }
  }

  private static void fits(
      String output, boolean direct, ByteOrder order, int elements, long[] shape) {
    long wanted = 1;
    for (long dim : shape) {
      wanted = Math.multiplyExact(wanted, dim);
    }
    if (!direct || order != ByteOrder.nativeOrder() || elements != wanted) {
      throw new IllegalArgumentException(
          output + ": needs a direct buffer of " + wanted + " elements in native order");
    }
  }
}
