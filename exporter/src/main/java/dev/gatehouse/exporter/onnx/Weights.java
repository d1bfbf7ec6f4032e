package dev.gatehouse.exporter.onnx;

import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import dev.gatehouse.proto.BadInput;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Constants of a graph. */
final class Weights {
  private static final int MOST_KNOWN = 1 << 12;

  /** Bits of the largest element. */
  private static final int MOST_BITS = 128;

  private Weights() {}

  /**
   * Elements of a constant.
   *
   * @throws BadInput when a dimension is below 0 or their product is out of range
   */
  static long elements(TensorProto tensor) {
    long elements = 1;
    try {
      for (long dim : tensor.getDimsList()) {
        if (dim < 0) {
          throw new ArithmeticException("below 0");
        }
        elements = Math.multiplyExact(elements, dim);
      }
      Math.multiplyExact(elements, MOST_BITS);
    } catch (ArithmeticException e) {
      throw new BadInput(
          "the constant '%s' has the shape %s".formatted(tensor.getName(), tensor.getDimsList()),
          e);
    }
    return elements;
  }

  /** Bits of an element; 0 for text and for types that ONNX did not have when this was written. */
  private static int bits(TensorProto tensor) {
    DataType type = DataType.forNumber(tensor.getDataType());
    if (type == null) {
      return 0;
    }
    return switch (type) {
      case INT4, UINT4 -> 4;
      case INT8, UINT8, BOOL, FLOAT8E4M3FN, FLOAT8E4M3FNUZ, FLOAT8E5M2, FLOAT8E5M2FNUZ -> 8;
      case INT16, UINT16, FLOAT16, BFLOAT16 -> 16;
      case INT32, UINT32, FLOAT -> 32;
      case INT64, UINT64, DOUBLE, COMPLEX64 -> 64;
      case COMPLEX128 -> 128;
      default -> 0;
    };
  }

  /** True for what is learnt: not indices, sizes and truth values. */
  static boolean isLearnt(TensorProto tensor) {
    DataType type = DataType.forNumber(tensor.getDataType());
    return type != DataType.INT64 && type != DataType.BOOL && type != DataType.STRING;
  }

  /** Bytes that the elements take. */
  static long bytes(TensorProto tensor) {
    return (Math.multiplyExact(elements(tensor), bits(tensor)) + 7) / 8;
  }

  /**
   * Refuses a constant whose elements are not all in the file.
   *
   * @throws BadInput when they lie elsewhere, or are more or fewer than its shape says
   */
  static void requireWhole(TensorProto tensor) {
    if (tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL
        || tensor.getExternalDataCount() > 0) {
      throw new BadInput(
          "the constant '%s' lies in another file; export the model to one file"
                  .formatted(tensor.getName())
              + " (PyTorch: external_data=False)");
    }
    long elements = elements(tensor);
    int bits = bits(tensor);
    if (tensor.getDataType() == DataType.STRING.getNumber()
        && tensor.getStringDataCount() == elements) {
      return;
    }
    if (bits == 0) {
      throw new BadInput(
          "the constant '%s' has elements of a type that is not served"
              .formatted(tensor.getName()));
    }
    boolean whole =
        tensor.hasRawData()
            ? tensor.getRawData().size() == bytes(tensor)
            : typed(tensor) == (bits == 4 ? (elements + 1) / 2 : elements);
    if (!whole) {
      throw new BadInput(
          "the constant '%s' of shape %s does not hold as many elements"
              .formatted(tensor.getName(), tensor.getDimsList()));
    }
  }

  private static long typed(TensorProto tensor) {
    DataType type = DataType.forNumber(tensor.getDataType());
    if (type == null) {
      return -1;
    }
    return switch (type) {
      case FLOAT -> tensor.getFloatDataCount();
      case DOUBLE -> tensor.getDoubleDataCount();
      case INT64 -> tensor.getInt64DataCount();
      case UINT32, UINT64 -> tensor.getUint64DataCount();
      case COMPLEX64 -> tensor.getFloatDataCount() / 2;
      case COMPLEX128 -> tensor.getDoubleDataCount() / 2;
      default -> tensor.getInt32DataCount();
    };
  }

  /** The values of a short constant of whole numbers; null of any other. */
  static long @Nullable [] wholeNumbers(TensorProto tensor) {
    boolean wide = tensor.getDataType() == DataType.INT64.getNumber();
    if ((!wide && tensor.getDataType() != DataType.INT32.getNumber())
        || elements(tensor) > MOST_KNOWN) {
      return null;
    }
    if (!tensor.hasRawData()) {
      return wide ? longs(tensor.getInt64DataList()) : longs(tensor.getInt32DataList());
    }
    ByteBuffer raw = tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    long[] values = new long[raw.remaining() / (wide ? Long.BYTES : Integer.BYTES)];
    for (int i = 0; i < values.length; i++) {
      values[i] = wide ? raw.getLong() : raw.getInt();
    }
    return values;
  }

  private static long[] longs(List<? extends Number> values) {
    return values.stream().mapToLong(Number::longValue).toArray();
  }
}
