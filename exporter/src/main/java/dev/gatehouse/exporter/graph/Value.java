package dev.gatehouse.exporter.graph;

import java.util.List;

/** A value that flows through one {@link Graph}: its name, element type and shape. */
public final class Value {
  private final Graph graph;
  private final String name;
  private final Element element;
  private final List<Dim> dims;

  Value(Graph graph, String name, Element element, List<Dim> dims) {
    this.graph = graph;
    this.name = name;
    this.element = element;
    this.dims = List.copyOf(dims);
  }

  Graph graph() {
    return graph;
  }

  /** The name, unique in the graph. */
  public String name() {
    return name;
  }

  /** The element type. */
  public Element element() {
    return element;
  }

  /** The shape. */
  public List<Dim> dims() {
    return dims;
  }

  /** Dimension {@code axis}. */
  public Dim dim(int axis) {
    if (axis < 0 || axis >= dims.size()) {
      throw new IllegalArgumentException("no axis " + axis + " in " + this);
    }
    return dims.get(axis);
  }

  /**
   * The size of dimension {@code axis}.
   *
   * @throws IllegalArgumentException when the data decide it
   */
  public int size(int axis) {
    Dim dim = dim(axis);
    if (!dim.isFixed()) {
      throw new IllegalArgumentException("axis " + axis + " has no fixed size in " + this);
    }
    return dim.size();
  }

  /** Number of dimensions. */
  public int rank() {
    return dims.size();
  }

  /** Refuses a value that is not what {@code node} takes as {@code role}. */
  Value require(String node, String role, Element wanted, int rank) {
    if (element != wanted || dims.size() != rank) {
      throw new IllegalArgumentException(
          node + ": " + role + " must be " + wanted + " of rank " + rank + "; got " + this);
    }
    return this;
  }

  @Override
  public String toString() {
    return name + " " + element + dims;
  }
}
