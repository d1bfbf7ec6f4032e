package dev.gatehouse.exporter.graph;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;

/** Element types of values. */
public enum Element {
  /** IEEE 754 binary32. */
  FLOAT(DataType.FLOAT),
  /** 64-bit signed integers: indices, sizes, shapes. */
  INT64(DataType.INT64),
  /** True or false. */
  BOOL(DataType.BOOL);

  private final DataType code;

  Element(DataType code) {
    this.code = code;
  }

  int code() {
    return code.getNumber();
  }
}
