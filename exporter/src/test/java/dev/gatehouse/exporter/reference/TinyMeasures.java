package dev.gatehouse.exporter.reference;

import dev.gatehouse.proto.bundle.SelfTest;
import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.run.RoutingTable;
import dev.gatehouse.proto.run.Run;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What a run folder holds of measurements, from the reference's answers. */
final class TinyMeasures {
  private final TinyRun run;
  private final List<ReferenceModel.Answer> answers;
  private final int experts;

  TinyMeasures(TinyRun run) {
    this.run = run;
    this.answers = run.answers(run.run().serving());
    this.experts = run.run().model().experts();
  }

  boolean spreads(double leastShare, double leastMargin) {
    int k = run.run().serving().k();
    for (ReferenceModel.Answer answer : answers) {
      double[] sorted = answer.gate().clone();
      Arrays.sort(sorted);
      boolean tie = k < experts && sorted[experts - k] - sorted[experts - k - 1] < leastMargin;
      if (tie || answer.margin() < leastMargin) {
        return false;
      }
    }
    return Arrays.stream(argmaxHits()).allMatch(hits -> hits >= leastShare * answers.size());
  }

  SelfTest selfTest() {
    int classes = run.run().model().classes().size();
    float[] gate = new float[answers.size() * experts];
    float[] outputs = new float[answers.size() * classes];
    List<ReferenceModel.Answer> recorded = run.answers(run.run().serving().inOneGraph());
    for (int row = 0; row < answers.size(); row++) {
      copy(answers.get(row).gate(), gate, row * experts);
      copy(recorded.get(row).output(), outputs, row * classes);
    }
    return new SelfTest(
        run.run().serving(),
        run.run().model().classes(),
        run.rows().tensor(),
        run.rows().labels(),
        gate,
        outputs);
  }

  RoutingTable routing() {
    Long[] hits = new Long[experts];
    Arrays.fill(hits, 0L);
    Long[][] byClass = new Long[experts][run.run().model().classes().size()];
    Arrays.stream(byClass).forEach(row -> Arrays.fill(row, 0L));
    double[] mass = new double[experts];
    for (int row = 0; row < answers.size(); row++) {
      ReferenceModel.Answer answer = answers.get(row);
      Arrays.stream(answer.chosen()).forEach(e -> hits[e]++);
      byClass[answer.chosen()[0]][run.rows().labels()[row]]++;
      for (int e = 0; e < experts; e++) {
        mass[e] += answer.gate()[e] / answers.size();
      }
    }
    return new RoutingTable(
        run.run().serving(),
        answers.size(),
        List.of(hits),
        Arrays.stream(mass).boxed().toList(),
        answers.stream().mapToDouble(a -> entropy(a.gate())).average().orElseThrow(),
        Arrays.stream(byClass).map(List::of).toList());
  }

  Run.Measurements results() {
    RoutingTable routing = routing();
    double usage = entropy(routing.gateMass().stream().mapToDouble(m -> m).toArray());
    return new Run.Measurements(
        answers.size(),
        error(run.answers(new RoutingRule.Dense())),
        error(answers),
        routing.gateEntropy(),
        usage,
        mutualInformation(routing));
  }

  private double error(List<ReferenceModel.Answer> given) {
    int wrong = 0;
    for (int row = 0; row < given.size(); row++) {
      double[] y = given.get(row).output();
      int best = 0;
      for (int c = 1; c < y.length; c++) {
        best = y[c] > y[best] ? c : best;
      }
      wrong += best == run.rows().labels()[row] ? 0 : 1;
    }
    return (double) wrong / given.size();
  }

  private double mutualInformation(RoutingTable routing) {
    List<Double> joint = new ArrayList<>();
    double[] byExpert = new double[experts];
    double[] byClass = new double[run.run().model().classes().size()];
    for (int e = 0; e < experts; e++) {
      for (int c = 0; c < byClass.length; c++) {
        double share = (double) routing.expertByClass().get(e).get(c) / routing.rows();
        joint.add(share);
        byExpert[e] += share;
        byClass[c] += share;
      }
    }
    double together = entropy(joint.stream().mapToDouble(p -> p).toArray());
    return entropy(byExpert) + entropy(byClass) - together;
  }

  private int[] argmaxHits() {
    int[] hits = new int[experts];
    answers.forEach(answer -> hits[answer.chosen()[0]]++);
    return hits;
  }

  private static double entropy(double[] p) {
    return Arrays.stream(p).filter(q -> q > 0).map(q -> -q * Math.log(q) / Math.log(2)).sum();
  }

  private static void copy(double[] from, float[] to, int start) {
    for (int i = 0; i < from.length; i++) {
      to[start + i] = (float) from[i];
    }
  }
}
