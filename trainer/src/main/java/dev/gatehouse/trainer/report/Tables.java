package dev.gatehouse.trainer.report;

import dev.gatehouse.proto.page.Markup;
import dev.gatehouse.proto.page.Numbers;
import dev.gatehouse.proto.page.Page;
import dev.gatehouse.proto.run.RunMeasurements;
import dev.gatehouse.proto.run.SplitMeasurements;
import dev.gatehouse.proto.run.SplitMeasurements.ByClass;
import dev.gatehouse.proto.run.SplitMeasurements.ByExpert;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a run measured and how it was made, in tables. */
record Tables(MeasuredRun of) {

  /** Every figure of every split, and the test rows by class and by expert. */
  Page.Section measurements() {
    RunMeasurements all = of.measurements();
    List<List<String>> figures = new ArrayList<>();
    for (Figure figure : Figure.values()) {
      figures.add(
          List.of(
              figure.label(),
              figure.text(all.train()),
              figure.text(all.validation()),
              figure.text(all.test()),
              figure.meaning()));
    }
    return new Page.Section(
        "measurements",
        "All measurements",
        "Of the finished model. Errors are shares of rows.",
        List.of(
            Markup.table(
                    "Measurements by split",
                    List.of(
                        "",
                        "training, " + Numbers.count(all.train().rows()) + " rows",
                        "held out, " + Numbers.count(all.validation().rows()),
                        "test, " + Numbers.count(all.test().rows()),
                        "what it is"),
                    figures)
                .at("class", "scroll figures"),
            Markup.folded("By class", byClass(all.test())),
            Markup.folded("By expert", byExpert(all.test()))));
  }

  private Markup byClass(SplitMeasurements test) {
    List<List<String>> rows = new ArrayList<>();
    for (int c = 0; c < test.classes().size(); c++) {
      ByClass measured = test.classes().get(c);
      int leader = BlockOrder.leader(test.expertByClass(), c);
      rows.add(
          List.of(
              of.run().model().classes().get(c),
              Numbers.count(measured.rows()),
              Numbers.percent(measured.servedError()),
              Numbers.bits(measured.expertEntropy()),
              leader
                  + " ("
                  + Numbers.roundPercent(BlockOrder.share(test.expertByClass(), leader, c))
                  + ")"));
    }
    return Markup.table(
        "Test rows by true class",
        List.of("class", "rows", "error as served", "entropy of the expert", "leading expert"),
        rows);
  }

  private static Markup byExpert(SplitMeasurements test) {
    List<List<String>> rows = new ArrayList<>();
    for (int e = 0; e < test.experts().size(); e++) {
      ByExpert measured = test.experts().get(e);
      rows.add(
          List.of(
              Integer.toString(e),
              Numbers.count(measured.hits()),
              Numbers.count(measured.rows()),
              Numbers.percent((double) measured.rows() / test.rows()),
              Numbers.three(measured.gateMass()),
              Numbers.percent(measured.accuracy())));
    }
    return Markup.table(
        "Test rows by expert",
        List.of(
            "expert",
            "hits as served",
            "own rows (argmax)",
            "share",
            "mean gate probability",
            "accuracy alone on its own rows"),
        rows);
  }

  /** Every key of {@code run.json}. */
  Page.Section configuration() {
    Map<String, List<List<String>>> groups = new LinkedHashMap<>();
    of.configuration()
        .forEach(
            (key, value) -> {
              String group = key.contains(".") ? key.substring(0, key.indexOf('.')) : "run";
              groups.computeIfAbsent(group, g -> new ArrayList<>()).add(List.of(key, value));
            });
    List<Markup> folded = new ArrayList<>();
    groups.forEach(
        (group, rows) -> {
          Markup.Tag details =
              Markup.folded(group, Markup.table(group, List.of("key", "value"), rows));
          folded.add(
              group.equals("run") || group.equals("training")
                  ? details.at("open", "open")
                  : details);
        });
    return new Page.Section(
        "configuration", "Configuration and provenance", "Every key of run.json.", folded);
  }
}
