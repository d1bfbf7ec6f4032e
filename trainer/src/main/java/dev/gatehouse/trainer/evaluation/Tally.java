package dev.gatehouse.trainer.evaluation;

import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.run.SplitMeasurements;
import dev.gatehouse.proto.run.SplitMeasurements.ByClass;
import dev.gatehouse.proto.run.SplitMeasurements.ByExpert;
import dev.gatehouse.proto.run.SplitMeasurements.Entropies;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Adds up what a mixture says of a split, piece by piece, so that a large split is never held
 * whole; every measurement is a function of these sums.
 */
public final class Tally {
  private static final RoutingRule DENSE = new RoutingRule.Dense();
  private static final RoutingRule ARGMAX = new RoutingRule.TopK(1);

  private final RoutingRule rule;
  private final ErrorCount served;
  private final ErrorCount dense;
  private final ErrorCount argmax;
  private final WeightSums gate;
  private final WeightSums kept;
  private final WeightSums single;
  private final Reliability reliability = new Reliability(SplitMeasurements.RELIABILITY_BINS);
  private final Histogram topGate = new Histogram(SplitMeasurements.GATE_BINS);
  private final ExpertCount[] experts;
  private final long[] classRows;
  private final long[] classWrong;
  private long rows;
  private long nobodyRight;
  private long misrouted;

  /**
   * Nothing counted yet.
   *
   * @param rule the rule under which rows are served
   */
  public Tally(RoutingRule rule, int experts, int classes) {
    this.rule = rule;
    served = new ErrorCount(classes);
    dense = new ErrorCount(classes);
    argmax = new ErrorCount(classes);
    gate = new WeightSums(experts);
    kept = new WeightSums(experts);
    single = new WeightSums(experts);
    this.experts =
        IntStream.range(0, experts)
            .mapToObj(e -> new ExpertCount(classes))
            .toArray(ExpertCount[]::new);
    classRows = new long[classes];
    classWrong = new long[classes];
  }

  /** Counts more rows of the split. */
  public void add(Predictions piece) {
    for (int row = 0; row < piece.rows(); row++) {
      add(piece, row);
    }
  }

  private void add(Predictions piece, int row) {
    int label = piece.labels()[row];
    float[] answer = piece.answer(rule, row);
    boolean wrong = !served.add(answer, label);
    dense.add(piece.answer(DENSE, row), label);
    reliability.add(answer[Predictions.argmax(answer)], !wrong);
    rows++;
    classRows[label]++;
    classWrong[label] += wrong ? 1 : 0;
    addGate(piece, row);
    addExperts(piece, row, wrong);
  }

  private void addGate(Predictions piece, int row) {
    gate.add(piece.weights(DENSE, row));
    kept.add(piece.weights(rule, row));
    single.add(piece.weights(ARGMAX, row));
    float[] p = piece.gate(row);
    topGate.add(p[Predictions.argmax(p)]);
    for (int e = 0; e < experts.length; e++) {
      experts[e].gate.add(p[e]);
    }
  }

  private void addExperts(Predictions piece, int row, boolean wrong) {
    int label = piece.labels()[row];
    boolean[] asked = new boolean[experts.length];
    for (int e : piece.chosen(rule, row)) {
      experts[e].hits++;
      asked[e] = true;
    }
    int own = Predictions.argmax(piece.gate(row));
    boolean anyRight = false;
    boolean otherRight = false;
    for (int e = 0; e < experts.length; e++) {
      float[] alone = piece.expert(row, e);
      boolean right = ErrorCount.rank(alone, label) == 0;
      anyRight |= right;
      otherRight |= right && !asked[e];
      if (e == own) {
        argmax.add(alone, label);
        experts[e].own(label, Predictions.argmax(alone), right);
      }
    }
    nobodyRight += anyRight ? 0 : 1;
    misrouted += wrong && otherRight ? 1 : 0;
  }

  /**
   * The measurements of all rows counted so far.
   *
   * @throws IllegalStateException when there are none
   */
  public SplitMeasurements measurements() {
    if (rows == 0) {
      throw new IllegalStateException("a split without rows has no measurements");
    }
    List<ByExpert> byExpert = IntStream.range(0, experts.length).mapToObj(this::ofExpert).toList();
    List<List<Long>> byClass = byExpert.stream().map(ByExpert::byClass).toList();
    List<ByClass> classes =
        IntStream.range(0, classRows.length).mapToObj(c -> ofClass(c, byClass)).toList();
    return new SplitMeasurements(
        rule,
        rows,
        served.errors(),
        dense.errors(),
        argmax.errors(),
        (double) nobodyRight / rows,
        (double) misrouted / rows,
        gate.entropies(),
        kept.entropies(),
        single.entropies(),
        Information.mutual(byClass),
        Information.mutual(byExpert.stream().map(ByExpert::byPredicted).toList()),
        taskEntropy(classes),
        Information.variation(gate.mass),
        Information.variation(Arrays.stream(experts).mapToDouble(e -> e.hits).toArray()),
        reliability.calibrationError(),
        reliability.bins(),
        topGate.counts(),
        classes,
        byExpert);
  }

  private ByExpert ofExpert(int e) {
    ExpertCount count = experts[e];
    long own = Arrays.stream(count.byClass).sum();
    return new ByExpert(
        count.hits,
        gate.mass[e] / rows,
        own,
        own == 0 ? null : (double) count.right / own,
        boxed(count.byClass),
        boxed(count.byPredicted),
        count.gate.counts());
  }

  private ByClass ofClass(int c, List<List<Long>> byClass) {
    long of = classRows[c];
    double[] taken = byClass.stream().mapToDouble(expert -> expert.get(c)).toArray();
    return of == 0
        ? new ByClass(0, null, null)
        : new ByClass(of, (double) classWrong[c] / of, Information.entropy(taken));
  }

  private static double taskEntropy(List<ByClass> classes) {
    List<Double> entropies = new ArrayList<>();
    for (ByClass of : classes) {
      if (of.expertEntropy() != null) {
        entropies.add(of.expertEntropy());
      }
    }
    return entropies.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
  }

  private static List<Long> boxed(long[] counts) {
    return Arrays.stream(counts).boxed().toList();
  }

  /** Sums over rows of a distribution over experts. */
  private static final class WeightSums {
    private final double[] mass;
    private double entropy;
    private long rows;

    private WeightSums(int experts) {
      mass = new double[experts];
    }

    private void add(double[] weights) {
      entropy += Information.entropy(weights);
      for (int e = 0; e < mass.length; e++) {
        mass[e] += weights[e];
      }
      rows++;
    }

    private Entropies entropies() {
      return new Entropies(entropy / rows, Information.entropy(mass));
    }
  }

  /** Counts of one expert. */
  private static final class ExpertCount {
    private final long[] byClass;
    private final long[] byPredicted;
    private final Histogram gate = new Histogram(SplitMeasurements.GATE_BINS);
    private long hits;
    private long right;

    private ExpertCount(int classes) {
      byClass = new long[classes];
      byPredicted = new long[classes];
    }

    private void own(int label, int said, boolean isRight) {
      byClass[label]++;
      byPredicted[said]++;
      right += isRight ? 1 : 0;
    }
  }
}
