package dev.gatehouse.exporter.graph;

import java.util.ArrayList;
import java.util.List;

/**
 * One dimension of a value: a size that the graph fixes, or a name for a size that the data decide,
 * such as the batch. Two named dimensions are equal when their names are.
 *
 * @param size the size; -1 where the data decide
 * @param symbol the name; empty where the graph fixes the size
 */
public record Dim(int size, String symbol) {
  /** The size of a batch of rows. */
  public static final Dim BATCH = named("batch");

  /** Checks that exactly one of both is given. */
  public Dim {
    if (symbol.isEmpty() ? size < 0 : size != -1) {
      throw new IllegalArgumentException(
          "a dimension has a size or a name; size=" + size + ", name=" + symbol);
    }
  }

  /** A dimension of {@code size}. */
  public static Dim of(int size) {
    return new Dim(size, "");
  }

  /** A dimension whose size the data decide. */
  public static Dim named(String symbol) {
    return new Dim(-1, symbol);
  }

  /** Dimensions of those sizes. */
  public static List<Dim> fixed(List<Integer> sizes) {
    return sizes.stream().map(Dim::of).toList();
  }

  /** {@code first}, then dimensions of those sizes. */
  public static List<Dim> rows(Dim first, List<Integer> sizes) {
    List<Dim> all = new ArrayList<>(List.of(first));
    all.addAll(fixed(sizes));
    return List.copyOf(all);
  }

  /** True where the graph fixes the size. */
  public boolean isFixed() {
    return symbol.isEmpty();
  }

  @Override
  public String toString() {
    return isFixed() ? Integer.toString(size) : symbol;
  }
}
