package dev.gatehouse.trainer.report;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * An order of experts and classes in which who takes what shows as blocks.
 *
 * @param experts indices of experts: first those that lead a class, by the first class that they
 *     lead, then the others by falling rows
 * @param classes indices of classes: by the position of the expert that leads them, within an
 *     expert by falling share, then by index
 */
record BlockOrder(List<Integer> experts, List<Integer> classes) {
  /** The expert that leads a class takes most of its rows; the lower index among equals. */
  static int leader(List<List<Long>> counts, int c) {
    int best = 0;
    for (int e = 1; e < counts.size(); e++) {
      if (counts.get(e).get(c) > counts.get(best).get(c)) {
        best = e;
      }
    }
    return best;
  }

  /**
   * Orders counts.
   *
   * @param counts [experts][classes]
   */
  static BlockOrder of(List<List<Long>> counts) {
    int classes = counts.get(0).size();
    int[] leaders = IntStream.range(0, classes).map(c -> leader(counts, c)).toArray();
    List<Integer> experts =
        IntStream.range(0, counts.size())
            .boxed()
            .sorted(
                Comparator.comparingInt((Integer e) -> firstLed(leaders, e))
                    .thenComparingLong(e -> -sum(counts.get(e)))
                    .thenComparingInt(e -> e))
            .toList();
    List<Integer> ordered =
        IntStream.range(0, classes)
            .boxed()
            .sorted(
                Comparator.comparingInt((Integer c) -> experts.indexOf(leaders[c]))
                    .thenComparingDouble(c -> -share(counts, leaders[c], c))
                    .thenComparingInt(c -> c))
            .toList();
    return new BlockOrder(experts, ordered);
  }

  /** Share of class {@code c}'s rows that expert {@code e} takes; 0 for a class without rows. */
  static double share(List<List<Long>> counts, int e, int c) {
    long all = counts.stream().mapToLong(row -> row.get(c)).sum();
    return all == 0 ? 0 : (double) counts.get(e).get(c) / all;
  }

  private static int firstLed(int[] leaders, int expert) {
    return IntStream.range(0, leaders.length)
        .filter(c -> leaders[c] == expert)
        .findFirst()
        .orElse(Integer.MAX_VALUE);
  }

  private static long sum(List<Long> row) {
    return row.stream().mapToLong(Long::longValue).sum();
  }
}
