package dev.gatehouse.bench.model;

import dev.gatehouse.engine.tensor.RowSource;
import dev.gatehouse.proto.network.InputSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.SplittableRandom;

/** Many rows in memory, equally many for each prototype. */
public final class RowSet {
  private final FloatBuffer values;
  private final int rows;
  private final int length;
  private final int prototypes;
  private final boolean uint8;

  private RowSet(FloatBuffer values, int rows, Prototypes prototypes) {
    this.values = values;
    this.rows = rows;
    this.length = prototypes.input().shape().elements();
    this.prototypes = prototypes.count();
    this.uint8 = prototypes.input().datatype() == InputSpec.Datatype.UINT8;
  }

  /** Draws rows: {@code wanted}, or one for each prototype where that is more. */
  public static RowSet of(Prototypes prototypes, int wanted, long seed) {
    int rows = Math.max(wanted, prototypes.count());
    int length = prototypes.input().shape().elements();
    FloatBuffer values =
        ByteBuffer.allocateDirect(Math.multiplyExact(Math.multiplyExact(rows, length), Float.BYTES))
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    SplittableRandom random = new SplittableRandom(seed);
    for (int row = 0; row < rows; row++) {
      prototypes.row(row % prototypes.count(), random, values, row * length);
    }
    return new RowSet(values, rows, prototypes);
  }

  /** Number of rows. */
  public int size() {
    return rows;
  }

  /** A random row near prototype {@code i}. */
  public int draw(int i, SplittableRandom random) {
    int alike = (rows - i + prototypes - 1) / prototypes;
    return i + prototypes * random.nextInt(alike);
  }

  /** Some of the rows as a batch. */
  public RowSource batch(int... chosen) {
    return new Batch(chosen);
  }

  private final class Batch implements RowSource {
    private final int[] chosen;

    Batch(int... chosen) {
      this.chosen = chosen;
    }

    @Override
    public int count() {
      return chosen.length;
    }

    @Override
    public int rowLength() {
      return chosen.length == 0 ? 0 : length;
    }

    @Override
    public void write(int from, int count, FloatBuffer target, int at) {
      for (int i = 0; i < count; i++) {
        target.put(at + i * length, values, chosen[from + i] * length, length);
      }
    }

    @Override
    public boolean isUint8() {
      return uint8;
    }
  }
}
