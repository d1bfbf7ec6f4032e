package dev.gatehouse.exporter.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Element-wise arithmetic with broadcasting, products and reductions, all over FLOAT unless said.
 *
 * @param graph where the nodes go
 */
public record ArithmeticOps(Graph graph) {
  /** Add with broadcasting. */
  public Value add(String name, Value a, Value b) {
    return broadcast("Add", name, Element.FLOAT, a, b);
  }

  /** Sub with broadcasting. */
  public Value subtract(String name, Value a, Value b) {
    return broadcast("Sub", name, Element.FLOAT, a, b);
  }

  /** Mul with broadcasting. */
  public Value multiply(String name, Value a, Value b) {
    return broadcast("Mul", name, Element.FLOAT, a, b);
  }

  /** Div with broadcasting. */
  public Value divide(String name, Value a, Value b) {
    return broadcast("Div", name, Element.FLOAT, a, b);
  }

  /**
   * Equal with broadcasting, and Cast.
   *
   * @return FLOAT, 1 where both are equal and 0 elsewhere; a NaN is equal to nothing
   */
  public Value equal(String name, Value a, Value b) {
    return cast(name, broadcast("Equal", name + "/equal", Element.BOOL, a, b), Element.FLOAT);
  }

  /** Round to the nearest integer, the even one of two. */
  public Value round(String name, Value x) {
    x.require(name, "x", Element.FLOAT, x.rank());
    return graph.add("Round", name, Element.FLOAT, x.dims(), List.of(x));
  }

  /** Clip: the nearest value from {@code least} to {@code largest}, each a single number. */
  public Value clip(String name, Value x, Value least, Value largest) {
    x.require(name, "x", Element.FLOAT, x.rank());
    least.require(name, "least", Element.FLOAT, 0);
    largest.require(name, "largest", Element.FLOAT, 0);
    return graph.add("Clip", name, Element.FLOAT, x.dims(), List.of(x, least, largest));
  }

  /** Cast to another element type. */
  public Value cast(String name, Value x, Element to) {
    return graph.add("Cast", name, to, x.dims(), List.of(x), Attributes.of("to", to.code()));
  }

  /**
   * Greater of two vectors of one length.
   *
   * @param a INT64
   * @param b INT64
   * @return BOOL
   */
  public Value greater(String name, Value a, Value b) {
    a.require(name, "a", Element.INT64, 1);
    b.require(name, "b", Element.INT64, 1);
    if (!a.dims().equals(b.dims())) {
      throw new IllegalArgumentException(name + ": shapes do not fit: " + a + ", " + b);
    }
    return graph.add("Greater", name, Element.BOOL, a.dims(), List.of(a, b));
  }

  /**
   * Batched MatMul.
   *
   * @param a {@code [N, I, J]}
   * @param b {@code [N, J, K]}
   * @return {@code [N, I, K]}
   */
  public Value matMul(String name, Value a, Value b) {
    a.require(name, "a", Element.FLOAT, 3);
    b.require(name, "b", Element.FLOAT, 3);
    if (!a.dim(0).equals(b.dim(0)) || !a.dim(2).equals(b.dim(1))) {
      throw new IllegalArgumentException(name + ": shapes do not fit: " + a + ", " + b);
    }
    return graph.add(
        "MatMul", name, Element.FLOAT, List.of(a.dim(0), a.dim(1), b.dim(2)), List.of(a, b));
  }

  /** ReduceSum over one axis, which stays with size 1. */
  public Value sumKeeping(String name, Value x, int axis) {
    List<Dim> dims = new ArrayList<>(x.dims());
    x.dim(axis);
    dims.set(axis, Dim.of(1));
    return sum(name, x, dims, true, axis);
  }

  /** ReduceSum over axes, given in rising order, which go; also over INT64. */
  public Value sum(String name, Value x, int... axes) {
    List<Dim> dims = new ArrayList<>(x.dims());
    for (int i = axes.length - 1; i >= 0; i--) {
      x.dim(axes[i]);
      dims.remove(axes[i]);
    }
    return sum(name, x, dims, false, axes);
  }

  /** ReduceMin over all axes but the first: {@code [N]} of {@code [N, ...]}. */
  public Value leastOfRow(String name, Value x) {
    return ofRow("ReduceMin", name, x);
  }

  /** ReduceMax over all axes but the first: {@code [N]} of {@code [N, ...]}. */
  public Value largestOfRow(String name, Value x) {
    return ofRow("ReduceMax", name, x);
  }

  private Value ofRow(String op, String name, Value x) {
    x.require(name, "x", Element.FLOAT, x.rank());
    return graph.add(
        op,
        name,
        Element.FLOAT,
        List.of(x.dim(0)),
        List.of(x, graph.constant(LongStream.range(1, x.rank()).toArray())),
        Attributes.of("keepdims", 0));
  }

  /**
   * ArgMax over axis 1; the lower index among equals.
   *
   * @param x {@code [N, F]}
   * @return {@code [N]} INT64
   */
  public Value argMax(String name, Value x) {
    x.require(name, "x", Element.FLOAT, 2);
    return graph.add(
        "ArgMax",
        name,
        Element.INT64,
        List.of(x.dim(0)),
        List.of(x),
        Attributes.of("axis", 1),
        Attributes.of("keepdims", 0));
  }

  private Value sum(String name, Value x, List<Dim> dims, boolean keep, int... axes) {
    long[] list = java.util.Arrays.stream(axes).asLongStream().toArray();
    return graph.add(
        "ReduceSum",
        name,
        x.element(),
        dims,
        List.of(x, graph.constant(list)),
        Attributes.of("keepdims", keep ? 1 : 0));
  }

  private Value broadcast(String op, String name, Element result, Value a, Value b) {
    a.require(name, "a", Element.FLOAT, a.rank());
    b.require(name, "b", Element.FLOAT, b.rank());
    int rank = Math.max(a.rank(), b.rank());
    List<Dim> dims = new ArrayList<>();
    for (int axis = 0; axis < rank; axis++) {
      Dim left = aligned(a, axis, rank);
      Dim right = aligned(b, axis, rank);
      if (!left.equals(right) && !isOne(left) && !isOne(right)) {
        throw new IllegalArgumentException(name + ": shapes do not broadcast: " + a + ", " + b);
      }
      dims.add(isOne(left) ? right : left);
    }
    return graph.add(op, name, result, dims, List.of(a, b));
  }

  private static Dim aligned(Value value, int axis, int rank) {
    int own = axis - (rank - value.rank());
    return own < 0 ? Dim.of(1) : value.dim(own);
  }

  private static boolean isOne(Dim dim) {
    return dim.size() == 1;
  }
}
