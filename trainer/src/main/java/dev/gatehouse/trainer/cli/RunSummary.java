package dev.gatehouse.trainer.cli;

import dev.gatehouse.proto.page.Numbers;
import dev.gatehouse.proto.run.RoutingTable;
import dev.gatehouse.proto.run.Run;
import dev.gatehouse.proto.run.RunFolder;
import dev.gatehouse.proto.run.RunMeasurements;
import dev.gatehouse.trainer.evaluation.Certified;
import dev.gatehouse.trainer.evaluation.Evaluation;
import dev.gatehouse.trainer.evaluation.Information;
import dev.gatehouse.trainer.report.Figure;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a finished run is, as commands print it.
 *
 * @param run the run folder
 * @param id id of the run
 * @param dataset name of the data set
 * @param experts number of experts
 * @param serving the rule under which it is served
 * @param validation the held-out rows in short
 * @param test the test set in short
 * @param expertHits [experts] test rows under the serving rule
 * @param expertByClass [experts][classes] test rows of each class by argmax expert
 * @param classes names of the classes
 * @param familyInformation I(expert; family) of the test set, bits; null where the data have no
 *     families
 * @param measurements everything measured, the training rows included
 * @param certified what certified routing would cost; null where that was not measured
 */
record RunSummary(
    String run,
    String id,
    String dataset,
    int experts,
    String serving,
    Run.Measurements validation,
    Run.Measurements test,
    List<Long> expertHits,
    List<List<Long>> expertByClass,
    List<String> classes,
    @Nullable Double familyInformation,
    RunMeasurements measurements,
    @Nullable Certified certified) {
  /** Sums up a run that was measured again. */
  static RunSummary of(RunFolder folder, Run run, Evaluation evaluation, List<Integer> families) {
    return of(folder, run, evaluation.measurements(), families, evaluation.certified());
  }

  private static RunSummary of(
      RunFolder folder,
      Run run,
      RunMeasurements measurements,
      List<Integer> families,
      @Nullable Certified certified) {
    Run.Results results = Run.Results.of(measurements);
    RoutingTable test = RoutingTable.of(measurements.test());
    return new RunSummary(
        folder.path().toString(),
        run.id(),
        run.dataset().name(),
        run.model().experts(),
        run.serving().toString(),
        results.validation(),
        results.test(),
        test.hits(),
        test.expertByClass(),
        run.model().classes(),
        families.isEmpty()
            ? null
            : Information.mutual(Information.byFamily(test.expertByClass(), families)),
        measurements,
        certified);
  }

  /** Sums up a run that has just been completed, by what its folder says. */
  static RunSummary of(RunFolder folder, List<Integer> families) {
    RunMeasurements measurements = folder.measurements();
    if (measurements == null) {
      throw new AssertionError("a run that is completed here leaves its measurements");
    }
    return of(folder, folder.completeRun(), measurements, families, null);
  }

  /** Lines for people. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(line("training", Run.Measurements.of(measurements.train())));
    lines.add(line("held out", validation));
    lines.add(line("test", test));
    if (familyInformation != null) {
      lines.add(text("I(expert; family) %.3f bit", familyInformation));
    }
    lines.add("test rows by expert (served " + serving + "): " + expertHits);
    return lines;
  }

  /** Every figure of every split, for people. */
  List<String> figures() {
    TextTable table = new TextTable().add(List.of("", "training", "held out", "test"));
    for (Figure figure : Figure.values()) {
      table.add(
          List.of(
              figure.label(),
              figure.text(measurements.train()),
              figure.text(measurements.validation()),
              figure.text(measurements.test())));
    }
    if (certified != null && experts > 1) {
      table.add(row("error, certified", certified, split -> Numbers.percent(split.error())));
      table.add(
          row(
              "experts a row, certified",
              certified,
              split -> Numbers.three(split.expertsPerRow())));
    }
    return table.lines();
  }

  private static List<String> row(
      String label, Certified of, Function<Certified.Split, String> figure) {
    return List.of(
        label, figure.apply(of.train()), figure.apply(of.validation()), figure.apply(of.test()));
  }

  /** Expert x class table of the test set, for people. */
  List<String> table() {
    List<String> head = new ArrayList<>(List.of("expert"));
    head.addAll(classes);
    TextTable table = new TextTable().add(head);
    for (int e = 0; e < expertByClass.size(); e++) {
      List<String> row = new ArrayList<>(List.of(Integer.toString(e)));
      expertByClass.get(e).forEach(count -> row.add(Long.toString(count)));
      table.add(row);
    }
    return table.lines();
  }

  private static String line(String split, Run.Measurements m) {
    return text(
        "%-8s  %d rows  error: dense %.2f%%, served %.2f%%  H_s %.3f  H_u %.3f  I(E;Y) %.3f bit",
        split,
        m.rows(),
        100 * m.denseError(),
        100 * m.servedError(),
        m.sampleEntropy(),
        m.usageEntropy(),
        m.mutualInformation());
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
