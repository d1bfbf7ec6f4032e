package dev.gatehouse.trainer.cli;

import dev.gatehouse.proto.run.RoutingTable;
import dev.gatehouse.proto.run.Run;
import dev.gatehouse.proto.run.RunFolder;
import dev.gatehouse.trainer.evaluation.Information;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a finished run is, as commands print it.
 *
 * @param run the run folder
 * @param id id of the run
 * @param dataset name of the data set
 * @param experts number of experts
 * @param serving the rule under which it is served
 * @param validation measurements of the held-out rows
 * @param test measurements of the test set
 * @param expertHits [experts] test rows under the serving rule
 * @param expertByClass [experts][classes] test rows of each class by argmax expert
 * @param classes names of the classes
 * @param familyInformation I(expert; family) of the test set, bits; null where the data have no
 *     families
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
    @Nullable Double familyInformation) {
  /** Sums up a run with measurements of it. */
  static RunSummary of(
      RunFolder folder, Run run, Run.Results results, RoutingTable test, List<Integer> families) {
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
            : Information.mutual(Information.byFamily(test.expertByClass(), families)));
  }

  /** Sums up a complete run by what its folder says. */
  static RunSummary of(RunFolder folder, List<Integer> families) {
    Run run = folder.completeRun();
    Run.Results results = run.results();
    if (results == null) {
      throw new AssertionError("a complete run has results");
    }
    return of(folder, run, results, folder.routing().test(), families);
  }

  /** Lines for people. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(line("held out", validation));
    lines.add(line("test", test));
    if (familyInformation != null) {
      lines.add(text("I(expert; family) %.3f bit", familyInformation));
    }
    lines.add("test rows by expert (served " + serving + "): " + expertHits);
    return lines;
  }

  /** Expert x class table of the test set, for people. */
  List<String> table() {
    int width = 6;
    for (String name : classes) {
      width = Math.max(width, name.length());
    }
    StringBuilder head = new StringBuilder("expert");
    for (String name : classes) {
      head.append(' ').append(" ".repeat(width - name.length())).append(name);
    }
    List<String> lines = new ArrayList<>(List.of(head.toString()));
    for (int e = 0; e < expertByClass.size(); e++) {
      StringBuilder line = new StringBuilder(text("%6d", e));
      for (long count : expertByClass.get(e)) {
        line.append(' ').append(text("%" + width + "d", count));
      }
      lines.add(line.toString());
    }
    return lines;
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
