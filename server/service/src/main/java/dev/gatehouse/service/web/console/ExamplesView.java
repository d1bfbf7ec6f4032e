package dev.gatehouse.service.web.console;

import dev.gatehouse.proto.bundle.SelfTest;
import dev.gatehouse.proto.file.Safetensors;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows that travel with the model, to try it on.
 *
 * @param rows {@code [rows, elements]} raw values, as a client sends them
 * @param labels {@code [rows]} indices of their true classes; null where nobody knows them
 */
record ExamplesView(List<float[]> rows, int @Nullable [] labels) {
  /** The first rows of a self-test, at most {@code most}. */
  static ExamplesView of(SelfTest test, int most) {
    int count = Math.min(most, test.size());
    boolean bytes = test.rows().dtype() == Safetensors.DType.U8;
    ByteBuffer data = test.rows().data().duplicate().order(ByteOrder.LITTLE_ENDIAN);
    int elements = data.remaining() / (bytes ? Byte.BYTES : Float.BYTES) / test.size();
    List<float[]> rows = new ArrayList<>();
    for (int row = 0; row < count; row++) {
      float[] values = new float[elements];
      for (int i = 0; i < elements; i++) {
        values[i] = bytes ? data.get() & 0xff : data.getFloat();
      }
      rows.add(values);
    }
    int[] labels = test.labels();
    return new ExamplesView(rows, labels == null ? null : Arrays.copyOf(labels, count));
  }
}
