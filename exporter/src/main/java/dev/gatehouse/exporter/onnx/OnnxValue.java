package dev.gatehouse.exporter.onnx;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An input or output of a graph.
 *
 * @param name its name
 * @param elementType ONNX's number of the element type
 * @param sizes one a dimension; null where the file does not say how many there are
 */
public record OnnxValue(String name, int elementType, @Nullable List<Size> sizes) {
  /** Copies the list. */
  public OnnxValue {
    sizes = sizes == null ? null : List.copyOf(sizes);
  }

  /**
   * The size of a dimension.
   *
   * @param value 1 or more; -1 where the data decide
   * @param symbol the name of a size that the data decide; may be empty
   */
  public record Size(long value, String symbol) {
    static Size of(long value) {
      return new Size(value, "");
    }

    static Size open(String symbol) {
      return new Size(-1, symbol);
    }

    /** True where the graph fixes the size. */
    public boolean isFixed() {
      return value >= 0;
    }

    @Override
    public String toString() {
      return isFixed() ? Long.toString(value) : symbol.isEmpty() ? "?" : symbol;
    }
  }

  /** True for 32-bit floats. */
  public boolean isFloat() {
    return elementType == DataType.FLOAT.getNumber();
  }

  /** The element type in words. */
  public String typeName() {
    DataType type = DataType.forNumber(elementType);
    return type == null ? "of an unknown type" : type.name().toLowerCase(Locale.ROOT);
  }

  /** Number of dimensions; -1 where the file does not say. */
  public int rank() {
    return sizes == null ? -1 : sizes.size();
  }

  /** The shape for people: {@code [batch, 10]}. */
  public String shape() {
    return sizes == null
        ? "[...]"
        : sizes.stream().map(Size::toString).collect(Collectors.joining(", ", "[", "]"));
  }

  /** The same with open sizes behind the first taken from {@code known}, of one row. */
  OnnxValue withSizesOf(long @Nullable [] known) {
    if (known == null || (sizes != null && sizes.size() != known.length)) {
      return this;
    }
    List<Size> filled = new ArrayList<>();
    for (int i = 0; i < known.length; i++) {
      Size declared = sizes == null ? Size.open("") : sizes.get(i);
      filled.add(i == 0 || declared.isFixed() ? declared : Size.of(known[i]));
    }
    return new OnnxValue(name, elementType, filled);
  }
}
