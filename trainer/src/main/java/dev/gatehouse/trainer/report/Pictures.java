package dev.gatehouse.trainer.report;

import dev.gatehouse.proto.page.Markup;
import dev.gatehouse.proto.page.Numbers;
import dev.gatehouse.proto.page.Page;
import dev.gatehouse.proto.run.EpochMetrics;
import dev.gatehouse.proto.run.SplitMeasurements;
import dev.gatehouse.proto.run.SplitMeasurements.ByExpert;
import dev.gatehouse.proto.run.SplitMeasurements.ReliabilityBin;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * The pictures of one run's test set that both pages show, each with its numbers.
 *
 * @param of the run
 * @param name what the page calls it, empty where it shows one run; keeps ids apart
 * @param highestShare share of the rows at which a bar of {@link #usage} has its full height
 */
record Pictures(MeasuredRun of, String name, double highestShare) {
  /** What {@link #heatMap} shows. */
  static final String HEAT_MAP =
      "Percent of each class's test rows by the expert with the largest gate "
          + "probability. Experts stand in the order of the first class that they lead, "
          + "classes under their leading expert, so that a clean division shows as blocks.";

  /** What {@link #usage} shows. */
  static final String USAGE =
      "Share of the held-out rows by argmax expert, a bar an epoch; the figure is the "
          + "last epoch's. The dashed line is an equal share.";

  /** What {@link #decisiveness} shows. */
  static final String DECISIVENESS = "Largest gate probability of each test row.";

  /** What {@link #gateProbabilities} shows. */
  static final String GATE_PROBABILITIES =
      "All test rows by the probability that the gate gives the expert, in 20 bins; "
          + "heights are logarithmic, so that the few rows between 0 and 1 can be seen. The "
          + "figure is the mean.";

  /** What {@link #reliability} shows. */
  static final String RELIABILITY =
      "Each dot is a bin of test rows with a like largest served probability, its "
          + "area the number of rows. Below the diagonal the model is surer than it is "
          + "right.";

  /** A picture longer than this does not share its line with another. */
  private static final double A_COLUMN = 520;

  /** The pictures of a page that shows one run. */
  static Pictures alone(MeasuredRun run) {
    return new Pictures(run, "", highestShare(List.of(run)));
  }

  /**
   * The largest share of the rows that an expert took in any epoch, and at least twice an equal
   * share, so that evenness shows as bars up to the middle.
   */
  static double highestShare(List<MeasuredRun> runs) {
    return runs.stream()
        .filter(MeasuredRun::hasGate)
        .flatMapToDouble(
            run ->
                DoubleStream.concat(
                    DoubleStream.of(2.0 / run.run().model().experts()),
                    run.epochs().stream()
                        .flatMap(epoch -> epoch.expertLoad().stream())
                        .mapToDouble(Double::doubleValue)))
        .max()
        .orElse(1);
  }

  /** Which expert takes which class. */
  Markup.Tag heatMap() {
    List<String> classes = of.run().model().classes();
    SplitMeasurements test = test();
    List<String> head = new ArrayList<>(List.of("class"));
    IntStream.range(0, test.experts().size()).forEach(e -> head.add("expert " + e));
    List<List<String>> rows = new ArrayList<>();
    for (int c = 0; c < classes.size(); c++) {
      List<String> row = new ArrayList<>(List.of(classes.get(c)));
      for (ByExpert expert : test.experts()) {
        row.add(Numbers.count(expert.byClass().get(c)));
      }
      rows.add(row);
    }
    HeatMap map = new HeatMap(id("heat"), "Test rows of each class by expert", classes, test);
    Markup.Tag figure =
        Page.figure(
            titled("Which expert takes which class"),
            words(HEAT_MAP, ""),
            map.draw(),
            Markup.folded(
                "Counts", Markup.table("Test rows by class and argmax expert", head, rows)));
    return map.width() > A_COLUMN ? figure.at("class", "wide") : figure;
  }

  /** Each expert's share over the epochs. */
  Markup.Tag usage() {
    List<EpochMetrics> epochs = of.epochs();
    int experts = of.run().model().experts();
    List<Strips.Strip> strips = new ArrayList<>();
    for (int e = 0; e < experts; e++) {
      int expert = e;
      double[] shares = of.curve(m -> m.expertLoad().get(expert));
      String last = shares.length == 0 ? "" : Numbers.roundPercent(shares[shares.length - 1]);
      strips.add(
          new Strips.Strip(
              "expert " + e,
              IntStream.range(0, shares.length)
                  .mapToDouble(i -> shares[i] / highestShare)
                  .toArray(),
              last,
              "expert " + e + ": " + last + " of the held-out rows in the last epoch"));
    }
    return Page.figure(
        titled("How the rows were shared out, epoch by epoch"),
        words(USAGE, ""),
        new Strips(
                id("usage"),
                "Share of held-out rows of each expert over the epochs",
                "In the last epoch: " + ends(strips) + ".",
                "epoch",
                "full height: " + Numbers.roundPercent(highestShare) + " of the rows",
                epochs.size() == 1 ? List.of("1") : List.of("1", Integer.toString(epochs.size())),
                strips,
                1 / (experts * highestShare))
            .draw());
  }

  /** How large the largest gate probability of a row is. */
  Markup.Tag decisiveness() {
    List<Long> counts = test().topGateProbability();
    long rows = test().rows();
    double sure = (double) counts.get(counts.size() - 1) / rows;
    return Page.figure(
        titled("How decisive the gate is"),
        words(
            DECISIVENESS,
            "For "
                + Numbers.roundPercent(sure)
                + " of the rows the gate is at least 95% sure of one expert."),
        new Bars(
                id("decisive"),
                "Histogram of the largest gate probability of a row",
                Numbers.roundPercent(sure) + " of the rows lie in the last bin, 0.95 to 1.",
                "largest gate probability",
                counts)
            .draw(),
        Markup.folded(
            "Counts",
            Markup.table(
                "Test rows by largest gate probability",
                List.of("probability", "rows"),
                pairs(Bars.ranges(counts.size()), counts.stream().map(Numbers::count).toList()))));
  }

  /** What probabilities each expert is given. */
  Markup.Tag gateProbabilities() {
    List<ByExpert> experts = test().experts();
    long highest =
        experts.stream()
            .flatMap(e -> e.gateProbability().stream())
            .mapToLong(Long::longValue)
            .max()
            .orElse(1);
    double most = Math.log1p((double) highest);
    List<Strips.Strip> strips = new ArrayList<>();
    List<String> head = new ArrayList<>(List.of("probability"));
    for (int e = 0; e < experts.size(); e++) {
      List<Long> counts = experts.get(e).gateProbability();
      head.add("expert " + e);
      strips.add(
          new Strips.Strip(
              "expert " + e,
              counts.stream().mapToDouble(c -> Math.log1p((double) c) / most).toArray(),
              Numbers.roundPercent(experts.get(e).gateMass()),
              "expert "
                  + e
                  + ": mean gate probability "
                  + Numbers.three(experts.get(e).gateMass())));
    }
    List<String> ranges = Bars.ranges(SplitMeasurements.GATE_BINS);
    List<List<String>> rows = new ArrayList<>();
    for (int bin = 0; bin < ranges.size(); bin++) {
      List<String> row = new ArrayList<>(List.of(ranges.get(bin)));
      for (ByExpert expert : experts) {
        row.add(Numbers.count(expert.gateProbability().get(bin)));
      }
      rows.add(row);
    }
    return Page.figure(
        titled("What the gate gives each expert"),
        words(GATE_PROBABILITIES, ""),
        new Strips(
                id("given"),
                "Histogram of each expert's gate probability over all test rows",
                "Mean gate probability: " + ends(strips) + ".",
                "gate probability",
                "full height: " + Numbers.count(highest) + " rows (logarithmic)",
                List.of("0", "0.5", "1"),
                strips,
                0)
            .draw(),
        Markup.folded(
            "Counts", Markup.table("Test rows by gate probability and expert", head, rows)));
  }

  /** How often the model is right, by how sure it is. */
  Markup.Tag reliability() {
    List<List<String>> rows = new ArrayList<>();
    List<String> ranges = Bars.ranges(SplitMeasurements.RELIABILITY_BINS);
    for (int i = 0; i < ranges.size(); i++) {
      ReliabilityBin bin = test().reliability().get(i);
      rows.add(
          List.of(
              ranges.get(i),
              Numbers.count(bin.rows()),
              Numbers.percent(bin.confidence()),
              Numbers.percent(bin.accuracy())));
    }
    return Page.figure(
        titled("How sure, how right"),
        words(
            RELIABILITY, "Calibration error: " + Numbers.percent(test().calibrationError()) + "."),
        new ReliabilityChart(id("reliability"), "Accuracy by confidence", test()).draw(),
        Markup.folded(
            "Bins",
            Markup.table(
                "Test rows by largest served probability",
                List.of("probability", "rows", "mean confidence", "accuracy"),
                rows)));
  }

  private String id(String picture) {
    return name.isEmpty() ? picture : picture + "-" + name;
  }

  private String words(String general, String ofThisRun) {
    return name.isEmpty() ? (general + " " + ofThisRun).strip() : ofThisRun;
  }

  private String titled(String title) {
    return name.isEmpty() ? title : name + ": " + of.run().id();
  }

  private SplitMeasurements test() {
    return of.measurements().test();
  }

  private static String ends(List<Strips.Strip> strips) {
    return String.join(", ", strips.stream().map(s -> s.name() + " " + s.end()).toList());
  }

  private static List<List<String>> pairs(List<String> names, List<String> values) {
    return IntStream.range(0, names.size())
        .mapToObj(i -> List.of(names.get(i), values.get(i)))
        .toList();
  }
}
