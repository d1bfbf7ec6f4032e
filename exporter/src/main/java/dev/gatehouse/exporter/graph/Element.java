package dev.gatehouse.exporter.graph;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;

/** Element types of values. */
public enum Element {
  /** IEEE 754 binary32. */
  FLOAT(DataType.FLOAT, 4),
  /** IEEE 754 binary16: stored weights alone. */
  FLOAT16(DataType.FLOAT16, 2),
  /** 8-bit signed integers: weights, stored or computed with. */
  INT8(DataType.INT8, 1),
  /** 8-bit unsigned integers: raw values, and levels of {@link IntegerOps}. */
  UINT8(DataType.UINT8, 1),
  /** 32-bit signed integers: biases and sums of {@link IntegerOps}. */
  INT32(DataType.INT32, 4),
  /** 64-bit signed integers: indices, sizes, shapes. */
  INT64(DataType.INT64, 8),
  /** True or false. */
  BOOL(DataType.BOOL, 1);

  private final DataType code;
  private final int bytes;

  Element(DataType code, int bytes) {
    this.code = code;
    this.bytes = bytes;
  }

  /** The type that ONNX calls {@code code}. */
  static Element of(int code) {
    for (Element element : values()) {
      if (element.code() == code) {
        return element;
      }
    }
    throw new IllegalArgumentException("no element type " + code);
  }

  /** Bytes an element. */
  int bytes() {
    return bytes;
  }

  int code() {
    return code.getNumber();
  }
}
