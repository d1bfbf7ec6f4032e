package dev.gatehouse.engine.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * Direct buffers that are used again, since making one costs more than a small batch. A loan
 * belongs to its borrower until it is closed; the pool keeps as many buffers as were ever out at
 * once. Thread-safe.
 */
public final class BufferPool {
  private final ConcurrentLinkedDeque<FloatBuffer> idle = new ConcurrentLinkedDeque<>();

  /** Lends a direct buffer of {@code elements} floats in native order, of any content. */
  public Loan lend(int elements) {
    FloatBuffer buffer = idle.pollFirst();
    if (buffer == null || buffer.capacity() < elements) {
      buffer =
          ByteBuffer.allocateDirect(Math.multiplyExact(roundedUp(elements), Float.BYTES))
              .order(ByteOrder.nativeOrder())
              .asFloatBuffer();
    }
    return new Loan(buffer, elements);
  }

  /** A power of two, so that batches that grow by a row do not each make a new buffer. */
  private static int roundedUp(int elements) {
    int power = Integer.highestOneBit(Math.max(elements, 256));
    return power < elements && power < 1 << 28 ? power << 1 : Math.max(power, elements);
  }

  /** A buffer on loan. */
  public final class Loan implements AutoCloseable {
    private final FloatBuffer whole;
    private final FloatBuffer values;
    private boolean open = true;

    private Loan(FloatBuffer whole, int elements) {
      this.whole = whole;
      this.values = whole.slice(0, elements);
    }

    /** The floats; not to be used once the loan is closed. */
    public FloatBuffer values() {
      return values;
    }

    /** Gives the buffer back; a second call does nothing. */
    @Override
    public void close() {
      if (open) {
        open = false;
        idle.addFirst(whole);
      }
    }
  }
}
