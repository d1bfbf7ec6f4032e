package dev.gatehouse.proto.network;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.gatehouse.proto.BadInput;
import java.util.List;

/**
 * The shape of one row, without the batch: {@code [channels, height, width]} or {@code [features]}.
 *
 * @param dims each at least 1
 */
public record Shape(@JsonValue List<Integer> dims) {
  /** Checks the dimensions. */
  @JsonCreator
  public Shape {
    dims = List.copyOf(dims);
    if (dims.isEmpty() || dims.stream().anyMatch(d -> d < 1)) {
      throw new BadInput("a shape has one or more dimensions of at least 1; shape=" + dims);
    }
    long elements = 1;
    for (int d : dims) {
      elements *= d;
      if (elements > Integer.MAX_VALUE) {
        throw new BadInput("a row has too many elements; shape=" + dims);
      }
    }
  }

  /** The shape of those dimensions. */
  public static Shape of(Integer... dims) {
    return new Shape(List.of(dims));
  }

  /** Elements a row. */
  public int elements() {
    int elements = 1;
    for (int i = 0; i < dims.size(); i++) {
      elements *= dims.get(i);
    }
    return elements;
  }

  /** True for {@code [channels, height, width]}. */
  public boolean isImage() {
    return dims.size() == 3;
  }

  /** This shape with {@code rows} in front of it. */
  public List<Integer> batched(int rows) {
    Integer[] all = new Integer[dims.size() + 1];
    all[0] = rows;
    for (int i = 0; i < dims.size(); i++) {
      all[i + 1] = dims.get(i);
    }
    return List.of(all);
  }

  @Override
  public String toString() {
    return dims.toString();
  }
}
