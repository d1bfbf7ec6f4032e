package dev.gatehouse.trainer.evaluation;

import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.trainer.data.LabelledRows;
import dev.gatehouse.trainer.report.Example;
import dev.gatehouse.trainer.report.Example.Remedy;
import dev.gatehouse.trainer.report.Examples;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Chooses the rows of a split that show best what a mixture does. */
public final class Exemplars {
  /** Rows of each list that is not an expert's. */
  static final int A_LIST = 12;

  /** Rows that all experts share, so that a page of many experts stays small. */
  private static final int OF_ALL_EXPERTS = 120;

  private static final int MOST_AN_EXPERT = 12;

  private final Predictions all;
  private final RoutingRule serving;
  private final LabelledRows split;
  private final double[] gateEntropy;
  private final int[] argmax;

  private Exemplars(Predictions all, RoutingRule serving, LabelledRows split) {
    this.all = all;
    this.serving = serving;
    this.split = split;
    gateEntropy =
        rows()
            .mapToDouble(row -> Information.entropy(all.weights(new RoutingRule.Dense(), row)))
            .toArray();
    argmax = rows().map(row -> Predictions.argmax(all.gate(row))).toArray();
  }

  /**
   * Chooses rows; the same for the same predictions.
   *
   * @param all what the mixture says of {@code split}
   */
  public static Examples of(Predictions all, RoutingRule serving, LabelledRows split) {
    return new Exemplars(all, serving, split).examples();
  }

  private Examples examples() {
    List<Example> undecided =
        all.experts() == 1
            ? List.of()
            : first(rows(), Comparator.comparingDouble(row -> -gateEntropy[row]));
    double[] sureness =
        rows()
            .mapToDouble(
                row -> {
                  float[] y = all.answer(serving, row);
                  return y[Predictions.argmax(y)];
                })
            .toArray();
    double[] remedies = rows().mapToDouble(this::remedyProbability).toArray();
    return new Examples(
        byExpert(),
        undecided,
        first(rows(), Comparator.comparingDouble(row -> sureness[row])),
        first(
            rows().filter(row -> remedies[row] >= 0),
            Comparator.comparingDouble(row -> -remedies[row])));
  }

  /** Of each expert's own rows, sorted by class, evenly spaced ones; most for the most used. */
  private List<List<Example>> byExpert() {
    int each = Math.max(1, Math.min(MOST_AN_EXPERT, OF_ALL_EXPERTS / all.experts()));
    long[] own = new long[all.experts()];
    rows().forEach(row -> own[argmax[row]]++);
    List<Integer> shown =
        IntStream.range(0, all.experts())
            .boxed()
            .sorted(Comparator.comparingLong(e -> -own[e]))
            .limit(OF_ALL_EXPERTS / each)
            .toList();
    return IntStream.range(0, all.experts())
        .mapToObj(e -> shown.contains(e) ? ofExpert(e, each) : List.<Example>of())
        .toList();
  }

  private List<Example> ofExpert(int expert, int most) {
    long[] ofClass = new long[all.classes()];
    rows().filter(row -> argmax[row] == expert).forEach(row -> ofClass[all.labels()[row]]++);
    int[] own =
        rows()
            .filter(row -> argmax[row] == expert)
            .boxed()
            .sorted(
                Comparator.comparingLong((Integer row) -> -ofClass[all.labels()[row]])
                    .thenComparing(row -> all.labels()[row]))
            .mapToInt(Integer::intValue)
            .toArray();
    int shown = Math.min(most, own.length);
    return IntStream.range(0, shown)
        .mapToObj(i -> example(own[(int) ((2L * i + 1) * own.length / (2L * shown))]))
        .toList();
  }

  private List<Example> first(IntStream rows, Comparator<Integer> order) {
    return rows.boxed()
        .sorted(order.thenComparing(Comparator.naturalOrder()))
        .limit(A_LIST)
        .map(this::example)
        .collect(Collectors.toList());
  }

  private Example example(int row) {
    float[] answer = all.answer(serving, row);
    int said = Predictions.argmax(answer);
    return new Example(
        row,
        split.take(new int[] {row}).rows().floats(),
        all.labels()[row],
        said,
        answer[said],
        argmax[row],
        all.gate(row)[argmax[row]],
        gateEntropy[row],
        said == all.labels()[row] ? null : remedy(row));
  }

  /** The true class's probability from the remedy of a row; below 0 where there is none. */
  private double remedyProbability(int row) {
    if (ErrorCount.rank(all.answer(serving, row), all.labels()[row]) == 0) {
      return -1;
    }
    Remedy remedy = remedy(row);
    return remedy == null ? -1 : remedy.probability();
  }

  private @Nullable Remedy remedy(int row) {
    int label = all.labels()[row];
    int[] chosen = all.chosen(serving, row);
    return IntStream.range(0, all.experts())
        .filter(e -> Arrays.stream(chosen).noneMatch(c -> c == e))
        .filter(e -> ErrorCount.rank(all.expert(row, e), label) == 0)
        .mapToObj(e -> new Remedy(e, all.expert(row, e)[label]))
        .max(Comparator.comparingDouble(Remedy::probability))
        .orElse(null);
  }

  private IntStream rows() {
    return IntStream.range(0, all.rows());
  }
}
