package dev.gatehouse.exporter.graph;

import java.util.ArrayList;
import java.util.List;

/**
 * Operators that choose, gather and scatter rows by index.
 *
 * @param graph where the nodes go
 */
public record IndexOps(Graph graph) {
  /**
   * What TopK gives.
   *
   * @param values {@code [N, k]} by falling value
   * @param indices {@code [N, k]} INT64, the lower index first among equals
   */
  public record Top(Value values, Value indices) {}

  /**
   * TopK over axis 1.
   *
   * @param x {@code [N, F]} FLOAT
   * @param k 1 to F
   */
  public Top topK(String name, Value x, int k) {
    x.require(name, "x", Element.FLOAT, 2);
    if (k < 1 || k > x.size(1)) {
      throw new IllegalArgumentException(name + ": k=" + k + " does not fit " + x);
    }
    List<Dim> dims = List.of(x.dim(0), Dim.of(k));
    Value values = graph.value(name + "/values", Element.FLOAT, dims);
    Value indices = graph.value(name + "/indices", Element.INT64, dims);
    graph.add(
        "TopK",
        name,
        List.of(x, graph.constant(k)),
        List.of(values, indices),
        Attributes.of("axis", 1));
    return new Top(values, indices);
  }

  /**
   * OneHot with the new axis in front.
   *
   * @param indices {@code [N, k]} INT64, each below {@code depth}
   * @return {@code [depth, N, k]} INT64 of 0 and 1
   */
  public Value oneHotInFront(String name, Value indices, int depth) {
    indices.require(name, "indices", Element.INT64, 2);
    return graph.add(
        "OneHot",
        name,
        Element.INT64,
        List.of(Dim.of(depth), indices.dim(0), indices.dim(1)),
        List.of(indices, graph.constant(depth), graph.constant(0, 1)),
        Attributes.of("axis", 0));
  }

  /**
   * NonZero: where elements are not 0, in row-major order.
   *
   * @param x INT64 of any rank
   * @param found names their number
   * @return {@code [rank, found]} INT64
   */
  public Value nonZero(String name, Value x, Dim found) {
    x.require(name, "x", Element.INT64, x.rank());
    return graph.add("NonZero", name, Element.INT64, List.of(Dim.of(x.rank()), found), List.of(x));
  }

  /**
   * Gather of rows.
   *
   * @param x {@code [N, ...]}
   * @param rows {@code [R]} INT64
   * @return {@code [R, ...]}
   */
  public Value gatherRows(String name, Value x, Value rows) {
    rows.require(name, "rows", Element.INT64, 1);
    List<Dim> dims = new ArrayList<>(x.dims());
    dims.set(0, rows.dim(0));
    return graph.add("Gather", name, x.element(), dims, List.of(x, rows), Attributes.of("axis", 0));
  }

  /**
   * Gather of columns.
   *
   * @param x {@code [N, F]}
   * @param columns {@code [W]} INT64, each below F
   * @return {@code [N, W]}
   */
  public Value gatherColumns(String name, Value x, Value columns) {
    x.require(name, "x", x.element(), 2);
    columns.require(name, "columns", Element.INT64, 1);
    return graph.add(
        "Gather",
        name,
        x.element(),
        List.of(x.dim(0), columns.dim(0)),
        List.of(x, columns),
        Attributes.of("axis", 1));
  }

  /**
   * GatherND within each row: {@code y[n, i] = x[n, places[n, i]]}.
   *
   * @param x {@code [N, M, ...]}
   * @param places {@code [N, k, 1]} INT64, each below M
   * @return {@code [N, k, ...]}
   */
  public Value gatherInRows(String name, Value x, Value places) {
    places.require(name, "places", Element.INT64, 3);
    if (places.size(2) != 1 || !places.dim(0).equals(x.dim(0)) || x.rank() < 2) {
      throw new IllegalArgumentException(name + ": shapes do not fit: " + x + ", " + places);
    }
    List<Dim> dims = new ArrayList<>(x.dims());
    dims.set(1, places.dim(1));
    return graph.add(
        "GatherND", name, x.element(), dims, List.of(x, places), Attributes.of("batch_dims", 1));
  }

  /**
   * ScatterND: {@code data} with the updates in place of what was there; every place at most once.
   *
   * @param data {@code [A, B, ...]}
   * @param indices {@code [R, 2]} INT64
   * @param updates {@code [R, ...]}
   * @return the shape of {@code data}
   */
  public Value scatterPairs(String name, Value data, Value indices, Value updates) {
    indices.require(name, "indices", Element.INT64, 2);
    if (indices.size(1) != 2
        || data.element() != updates.element()
        || !indices.dim(0).equals(updates.dim(0))
        || !data.dims().subList(2, data.rank()).equals(updates.dims().subList(1, updates.rank()))) {
      throw new IllegalArgumentException(
          name + ": shapes do not fit: " + data + ", " + indices + ", " + updates);
    }
    return graph.add(
        "ScatterND", name, data.element(), data.dims(), List.of(data, indices, updates));
  }

  /**
   * Shape, from dimension {@code from} to the one before {@code to}.
   *
   * @return {@code [to - from]} INT64
   */
  public Value shape(String name, Value x, int from, int to) {
    if (from < 0 || from >= to || to > x.rank()) {
      throw new IllegalArgumentException(name + ": no axes " + from + " to " + to + " in " + x);
    }
    return graph.add(
        "Shape",
        name,
        Element.INT64,
        List.of(Dim.of(to - from)),
        List.of(x),
        Attributes.of("start", from),
        Attributes.of("end", to));
  }

  /**
   * ConstantOfShape.
   *
   * @param shape {@code [rank]} INT64
   * @param dims the same shape as it is known here
   * @return FLOAT, all {@code value}
   */
  public Value filled(String name, Value shape, List<Dim> dims, float value) {
    shape.require(name, "shape", Element.INT64, 1);
    if (shape.size(0) != dims.size()) {
      throw new IllegalArgumentException(name + ": rank of " + shape + " is not that of " + dims);
    }
    return graph.add(
        "ConstantOfShape",
        name,
        Element.FLOAT,
        dims,
        List.of(shape),
        Attributes.of(
            "value",
            Tensors.with(Tensors.of("", Element.FLOAT, List.of(1)), Tensors.bytes(value))));
  }
}
