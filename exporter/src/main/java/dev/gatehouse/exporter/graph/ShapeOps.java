package dev.gatehouse.exporter.graph;

import java.util.ArrayList;
import java.util.List;

/**
 * Operators that change shapes and not elements.
 *
 * @param graph where the nodes go
 */
public record ShapeOps(Graph graph) {
  /**
   * Flatten: all elements of a row as features, row-major.
   *
   * @param x {@code [N, ...]}
   * @return {@code [N, F]}
   */
  public Value flatten(String name, Value x) {
    int features = 1;
    for (int axis = 1; axis < x.rank(); axis++) {
      features = Math.multiplyExact(features, x.size(axis));
    }
    return graph.add(
        "Flatten",
        name,
        x.element(),
        List.of(x.dim(0), Dim.of(features)),
        List.of(x),
        Attributes.of("axis", 1));
  }

  /**
   * Reshape: the same elements of each row, row-major, in another shape.
   *
   * @param x {@code [N, ...]}
   * @param row the new shape of a row
   */
  public Value reshape(String name, Value x, int... row) {
    long[] shape = new long[row.length + 1]; // a 0 keeps the size that is there
    List<Dim> dims = new ArrayList<>(List.of(x.dim(0)));
    long left = 1;
    for (int axis = 1; axis < x.rank(); axis++) {
      left = Math.multiplyExact(left, x.size(axis));
    }
    for (int i = 0; i < row.length; i++) {
      shape[i + 1] = row[i];
      dims.add(Dim.of(row[i]));
      left = row[i] < 1 || left % row[i] != 0 ? 0 : left / row[i];
    }
    if (left != 1) {
      throw new IllegalArgumentException(
          "%s: not as many elements as in a row of %s: %s".formatted(name, x, dims));
    }
    return graph.add("Reshape", name, x.element(), dims, List.of(x, graph.constant(shape)));
  }

  /** Unsqueeze: a new axis of size 1 at {@code axis}. */
  public Value unsqueeze(String name, Value x, int axis) {
    List<Dim> dims = new ArrayList<>(x.dims());
    if (axis < 0 || axis > dims.size()) {
      throw new IllegalArgumentException(name + ": no place " + axis + " in " + x);
    }
    dims.add(axis, Dim.of(1));
    return graph.add("Unsqueeze", name, x.element(), dims, List.of(x, graph.constant(axis)));
  }

  /** Squeeze: takes away {@code axis}, whose size is 1. */
  public Value squeeze(String name, Value x, int axis) {
    if (x.size(axis) != 1) {
      throw new IllegalArgumentException(name + ": axis " + axis + " is not of size 1 in " + x);
    }
    List<Dim> dims = new ArrayList<>(x.dims());
    dims.remove(axis);
    return graph.add("Squeeze", name, x.element(), dims, List.of(x, graph.constant(axis)));
  }

  /**
   * Transpose.
   *
   * @param x {@code [I, J]}
   * @return {@code [J, I]}
   */
  public Value transpose(String name, Value x) {
    x.require(name, "x", x.element(), 2);
    return graph.add(
        "Transpose",
        name,
        x.element(),
        List.of(x.dim(1), x.dim(0)),
        List.of(x),
        Attributes.of("perm", 1, 0));
  }

  /** Concat over an axis whose sizes the graph fixes; all other dimensions are the same. */
  public Value concat(String name, List<Value> parts, int axis) {
    int size = parts.stream().mapToInt(part -> part.size(axis)).reduce(0, Math::addExact);
    return concat(name, parts, axis, Dim.of(size));
  }

  /** Concat over axis 0 where the data decide the sizes; {@code rows} names the sum. */
  public Value concatRows(String name, List<Value> parts, Dim rows) {
    return concat(name, parts, 0, rows);
  }

  /**
   * Split of axis 0 at sizes that the data decide.
   *
   * @param x {@code [R, ...]}
   * @param sizes {@code [parts]} INT64, which add up to R
   * @param rows names the sizes, one a part
   * @return one value a part, named {@code NAME_I}
   */
  public List<Value> splitRows(String name, Value x, Value sizes, List<Dim> rows) {
    sizes.require(name, "sizes", Element.INT64, 1);
    if (sizes.size(0) != rows.size()) {
      throw new IllegalArgumentException(
          name + ": " + rows.size() + " parts where the sizes are " + sizes);
    }
    List<Value> parts = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      List<Dim> dims = new ArrayList<>(x.dims());
      dims.set(0, rows.get(i));
      parts.add(graph.value(name + "_" + i, x.element(), dims));
    }
    graph.add("Split", name, List.of(x, sizes), parts, Attributes.of("axis", 0));
    return List.copyOf(parts);
  }

  private Value concat(String name, List<Value> parts, int axis, Dim joined) {
    if (parts.isEmpty()) {
      throw new IllegalArgumentException(name + ": nothing to concatenate");
    }
    List<Dim> dims = new ArrayList<>(parts.get(0).dims());
    dims.set(axis, joined);
    for (Value part : parts) {
      List<Dim> own = new ArrayList<>(part.dims());
      own.set(axis, joined);
      if (!own.equals(dims) || part.element() != parts.get(0).element()) {
        throw new IllegalArgumentException(
            name + ": does not go with the other parts: " + part + ", " + parts.get(0));
      }
    }
    return graph.add(
        "Concat", name, parts.get(0).element(), dims, parts, Attributes.of("axis", axis));
  }
}
