package dev.gatehouse.trainer.report;

import static dev.gatehouse.proto.page.Markup.tag;

import dev.gatehouse.proto.page.Markup;
import dev.gatehouse.proto.page.Numbers;
import dev.gatehouse.proto.page.Page;
import dev.gatehouse.proto.run.EpochMetrics;
import dev.gatehouse.proto.run.RunMeasurements;
import dev.gatehouse.proto.run.SplitMeasurements;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** Several runs side by side. */
public final class Comparison {
  /** Runs are named by letters. */
  public static final int MOST_RUNS = 12;

  /** Colours and dash patterns of the style sheet. */
  private static final int STYLES = 6;

  /** Keys that tell runs apart but do not make them different. */
  private static final Set<String> NAMES = Set.of("id", "created");

  private static final String GATE_NETWORK = "model.gate.network.";

  private final List<MeasuredRun> runs;

  /**
   * A comparison.
   *
   * @param runs two to {@link #MOST_RUNS} runs, called A, B and so on
   */
  public Comparison(List<MeasuredRun> runs) {
    if (runs.size() < 2 || runs.size() > MOST_RUNS) {
      throw new IllegalArgumentException("a comparison takes 2 to 12 runs; runs=" + runs.size());
    }
    this.runs = List.copyOf(runs);
  }

  /** What the page calls run {@code i}. */
  public static String name(int i) {
    return Character.toString('A' + i);
  }

  /**
   * The keys of {@code run.json} whose values are not the same in all runs; its names and results
   * aside.
   *
   * @return by key the value in each run, a dash where it has none
   */
  public Map<String, List<String>> differences() {
    Map<String, List<String>> differences = configurations();
    differences.values().removeIf(values -> Set.copyOf(values).size() == 1);
    return differences;
  }

  /**
   * The runs that are best by a figure on a split.
   *
   * @param split which split of a run
   * @return indices of runs; none where all are equal or the figure is not defined
   */
  public Set<Integer> best(Figure figure, Function<RunMeasurements, SplitMeasurements> split) {
    Set<Integer> best = new LinkedHashSet<>();
    Double most = null;
    for (int i = 0; i < runs.size(); i++) {
      Double value = figure.of(split.apply(runs.get(i).measurements()));
      if (value == null) {
        continue;
      }
      double good = figure.better() == Figure.Better.HIGHER ? value : -value;
      if (most == null || good > most) {
        most = good;
        best.clear();
      }
      if (good == most) {
        best.add(i);
      }
    }
    return best.size() == runs.size() ? Set.of() : best;
  }

  /** The page's text: one HTML file that needs nothing else. */
  public String html() {
    List<Page.Section> sections = new ArrayList<>();
    sections.add(measurements());
    sections.add(learning());
    if (runs.stream().anyMatch(MeasuredRun::hasGate)) {
      sections.add(gated("experts", "Experts and classes", Pictures.HEAT_MAP, Pictures::heatMap));
      sections.add(gated("usage", "Usage", Pictures.USAGE, Pictures::usage));
      sections.add(gated("gate", "Gate", Pictures.DECISIVENESS, Pictures::decisiveness));
    }
    sections.add(
        pictures(
            "calibration",
            "Calibration",
            Pictures.RELIABILITY,
            Pictures::reliability,
            run -> true));
    sections.add(configuration());
    return new Page(
            "Comparison of " + runs.size() + " runs – Gatehouse",
            Style.PAGE,
            Style.FOOTER,
            head(),
            sections)
        .html();
  }

  private List<Markup> head() {
    List<Markup> names = new ArrayList<>();
    for (int i = 0; i < runs.size(); i++) {
      names.add(
          tag(
              "li",
              tag("span", name(i)).at("class", "chip s" + i % STYLES),
              tag("b", runs.get(i).run().id()),
              tag("span", runs.get(i).summary()).at("class", "quiet")));
    }
    List<Markup> head = new ArrayList<>();
    head.add(tag("p", "Gatehouse comparison").at("class", "eyebrow"));
    head.add(tag("h1", runs.size() + " runs side by side"));
    head.add(tag("ul", names).at("class", "runs"));
    if (runs.stream().map(r -> r.run().dataset().fingerprint()).distinct().count() > 1) {
      head.add(
          tag(
                  "p",
                  "These runs were not measured on the same rows; their figures differ for that too.")
              .at("class", "warning")
              .at("role", "note"));
    }
    return head;
  }

  private Page.Section measurements() {
    return new Page.Section(
        "measurements",
        "Measurements",
        "A dot marks the best value of a line: the lower error, entropy of a row, spread or gap; the"
            + " higher usage entropy or information. Choose between runs by the held-out rows; the"
            + " test rows tell how good the choice is.",
        List.of(
            Page.beside(
                List.of(
                    tag("div", table("Held-out rows", RunMeasurements::validation)),
                    tag("div", table("Test rows", RunMeasurements::test)))),
            Markup.folded("Training rows", table("Training rows", RunMeasurements::train))));
  }

  private Markup table(String caption, Function<RunMeasurements, SplitMeasurements> split) {
    List<List<Markup.Tag>> rows = new ArrayList<>();
    for (Figure figure : Figure.values()) {
      Set<Integer> best = best(figure, split);
      List<Markup.Tag> row = new ArrayList<>(List.of(tag("td", figure.label())));
      for (int i = 0; i < runs.size(); i++) {
        Markup.Tag cell = tag("td", figure.text(split.apply(runs.get(i).measurements())));
        row.add(
            cell.with(
                best.contains(i)
                    ? tag("span", "●").at("class", "mark").at("title", "best")
                    : tag("span", "").at("class", "mark")));
      }
      rows.add(row);
    }
    return Markup.tableOf(caption, headed(""), rows).at("class", "scroll compared");
  }

  private List<String> headed(String first) {
    List<String> head = new ArrayList<>(List.of(first));
    IntStream.range(0, runs.size()).forEach(i -> head.add(name(i)));
    return head;
  }

  private Page.Section learning() {
    List<Markup> figures = new ArrayList<>();
    figures.add(
        overlaid(
            "loss",
            "Loss",
            "On the training rows, regularisers included.",
            "loss",
            Numbers::brief,
            EpochMetrics::loss,
            false));
    figures.add(
        overlaid(
            "error",
            "Held-out error",
            "Under each run's served rule.",
            "share of rows wrong",
            value -> Numbers.brief(100 * value) + "%",
            EpochMetrics::servedError,
            false));
    if (runs.stream().anyMatch(MeasuredRun::hasGate)) {
      figures.add(
          overlaid(
              "information",
              "I(E;Y)",
              "What the argmax expert tells of the class, held-out rows.",
              "bit",
              Numbers::brief,
              EpochMetrics::mutualInformation,
              true));
      figures.add(
          overlaid(
              "sample",
              "H_s",
              "How undecided the gate is on a row, held-out rows.",
              "bit",
              Numbers::brief,
              EpochMetrics::sampleEntropy,
              true));
      figures.add(
          overlaid(
              "usage",
              "H_u",
              "How evenly the gate uses the experts, held-out rows.",
              "bit",
              Numbers::brief,
              EpochMetrics::usageEntropy,
              true));
    }
    return new Page.Section("learning", "Learning", "", List.of(Page.beside(figures)));
  }

  private Markup overlaid(
      String id,
      String title,
      String words,
      String unit,
      DoubleFunction<String> format,
      ToDoubleFunction<EpochMetrics> value,
      boolean gated) {
    List<Series> series = new ArrayList<>();
    List<String> ends = new ArrayList<>();
    for (int i = 0; i < runs.size(); i++) {
      double[] values = runs.get(i).curve(value);
      if (values.length > 0 && (runs.get(i).hasGate() || !gated)) {
        series.add(new Series(name(i), i % STYLES, values));
        ends.add(name(i) + " " + format.apply(values[values.length - 1]));
      }
    }
    return Page.figure(
        title,
        words,
        new LineChart(
                "curve-" + id,
                title + " over the epochs, a line a run",
                "At its last epoch: " + String.join(", ", ends) + ".",
                unit,
                format,
                series,
                null)
            .draw());
  }

  private Page.Section gated(
      String id, String title, String words, Function<Pictures, Markup.Tag> picture) {
    return pictures(id, title, words, picture, MeasuredRun::hasGate);
  }

  private Page.Section pictures(
      String id,
      String title,
      String words,
      Function<Pictures, Markup.Tag> picture,
      Predicate<MeasuredRun> which) {
    double highestShare = Pictures.highestShare(runs);
    return new Page.Section(
        id,
        title,
        words,
        List.of(
            Page.beside(
                IntStream.range(0, runs.size())
                    .filter(i -> which.test(runs.get(i)))
                    .mapToObj(i -> picture.apply(new Pictures(runs.get(i), name(i), highestShare)))
                    .toList())));
  }

  private Page.Section configuration() {
    Map<String, List<String>> all = configurations();
    Map<String, List<String>> differences = differences();
    all.keySet().removeAll(differences.keySet());
    return new Page.Section(
        "configuration",
        "What differs",
        "Keys of run.json whose values are not the same in all runs.",
        List.of(
            Markup.table("Differences", headed("key"), lines(differences)),
            Markup.folded(
                "What is the same",
                Markup.table("The same in all runs", headed("key"), lines(all)))));
  }

  private static List<List<String>> lines(Map<String, List<String>> values) {
    List<List<String>> lines = new ArrayList<>();
    values.forEach(
        (key, each) -> {
          List<String> line = new ArrayList<>(List.of(key));
          line.addAll(each);
          lines.add(line);
        });
    return lines;
  }

  /** Of a gate that one of the runs does not have, that it has none says enough. */
  private static boolean lacksGate(String key, List<Map<String, String>> each) {
    return key.startsWith(GATE_NETWORK)
        && each.stream()
            .anyMatch(one -> one.keySet().stream().noneMatch(k -> k.startsWith(GATE_NETWORK)));
  }

  private Map<String, List<String>> configurations() {
    List<Map<String, String>> each = runs.stream().map(MeasuredRun::configuration).toList();
    Map<String, List<String>> all = new LinkedHashMap<>();
    for (Map<String, String> one : each) {
      for (String key : one.keySet()) {
        if (!NAMES.contains(key) && !key.startsWith("results.") && !lacksGate(key, each)) {
          all.computeIfAbsent(
              key, k -> each.stream().map(m -> m.getOrDefault(k, Numbers.NONE)).toList());
        }
      }
    }
    return all;
  }
}
