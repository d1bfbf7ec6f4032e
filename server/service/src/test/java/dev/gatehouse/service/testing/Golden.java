package dev.gatehouse.service.testing;

import dev.gatehouse.proto.bundle.Bundle;
import dev.gatehouse.proto.bundle.Manifest;
import dev.gatehouse.proto.bundle.SelfTest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * A committed bundle, with what the trained model itself said of its self-test's rows: the
 * independent source that answers are compared to.
 */
public record Golden(Manifest manifest, SelfTest selfTest) {
  /** The folder of committed bundles. */
  public static final Path MODELS =
      Path.of(System.getProperty("gatehouse.root"), "server/engine/src/test/resources/bundles");

  /** Sparse, one expert a row. */
  public static final String TOP1 = "tiny-top1";

  /** Sparse, two experts a row. */
  public static final String TOP2 = "tiny-top2";

  /** Sparse, as many experts a row as its label takes to be certain: one, two or three. */
  public static final String CERTIFIED = "tiny-certified";

  /** Every expert computes every row. */
  public static final String DENSE = "tiny-dense";

  /** Every expert computes every row, and two experts a row make the answer. */
  public static final String DENSE_TOP2 = "tiny-dense-top2";

  /** One network, no gate. */
  public static final String SINGLE = "tiny-single";

  /** Sparse, two experts a row; rows of a table, where the others take images. */
  public static final String TABLE = "tiny-table";

  /** As {@link #DENSE_TOP2}, the portable graph taking bytes. */
  public static final String UINT8 = "tiny-uint8";

  /** As {@link #TOP2} with int8 weights, the portable graph taking bytes. */
  public static final String INT8 = "tiny-int8";

  /** As {@link #SINGLE} with fp16 weights. */
  public static final String FP16 = "tiny-fp16";

  /** Sparse, two experts a row, and the convolutions computed in integers. */
  public static final String W8A8 = "tiny-w8a8";

  /** All of them. */
  public static final List<String> NAMES =
      List.of(TOP1, TOP2, CERTIFIED, DENSE, DENSE_TOP2, SINGLE, TABLE, UINT8, INT8, FP16, W8A8);

  /** Reads version 1 of {@code name}. */
  public static Golden of(String name) {
    Bundle bundle = Bundle.open(MODELS.resolve(name).resolve("1"));
    return new Golden(bundle.manifest(), bundle.selfTest());
  }

  /** Number of rows. */
  public int rows() {
    return selfTest.size();
  }

  /** Elements a row. */
  public int rowLength() {
    return manifest.input().shape().elements();
  }

  /** Raw values of every row, [rows, rowLength]. */
  public byte[] bytes() {
    ByteBuffer data = selfTest.rows().data().duplicate();
    byte[] bytes = new byte[data.remaining()];
    data.get(bytes);
    return bytes;
  }

  /** Raw values of one row. */
  public byte[] row(int row) {
    return Arrays.copyOfRange(bytes(), row * rowLength(), (row + 1) * rowLength());
  }

  /** The same values as little-endian floats. */
  public static byte[] asFp32(byte[] uint8) {
    ByteBuffer floats =
        ByteBuffer.allocate(uint8.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (byte value : uint8) {
      floats.putFloat(value & 0xff);
    }
    return floats.array();
  }
}
