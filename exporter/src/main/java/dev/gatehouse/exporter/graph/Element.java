package dev.gatehouse.exporter.graph;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;

/** Element types of values. */
public enum Element {
  /** IEEE 754 binary32. */
  FLOAT(DataType.FLOAT, 4),
  /** IEEE 754 binary16: stored weights alone. */
  FLOAT16(DataType.FLOAT16, 2),
  /** 8-bit signed integers: stored weights alone. */
  INT8(DataType.INT8, 1),
  /** 8-bit unsigned integers: raw values alone. */
  UINT8(DataType.UINT8, 1),
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

  /** Bytes an element. */
  int bytes() {
    return bytes;
  }

  int code() {
    return code.getNumber();
  }
}
