package dev.gatehouse.trainer.cli;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.cli.ExitCode;
import dev.gatehouse.proto.cli.Output;
import dev.gatehouse.proto.file.AtomicFiles;
import dev.gatehouse.proto.run.RunFolder;
import dev.gatehouse.proto.run.RunMeasurements;
import dev.gatehouse.proto.run.SplitMeasurements;
import dev.gatehouse.trainer.report.Comparison;
import dev.gatehouse.trainer.report.Figure;
import dev.gatehouse.trainer.report.MeasuredRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code compare}: several runs side by side. */
@Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    description = {
      "Puts finished runs side by side: every measurement with the best marked, learning curves,",
      "who takes what, calibration, and what differs in the configuration. Needs no data."
    },
    footer = {
      "",
      "Examples:",
      "  gatehouse compare runs/attentive runs/plain",
      "  gatehouse compare runs/a runs/b runs/c --out abc.html",
      "  gatehouse compare runs/a runs/b --json"
    })
public final class CompareCommand implements Callable<Integer> {
  @Mixin private Output output = new Output();

  @Parameters(
      arity = "2..12",
      paramLabel = "RUN",
      description = "Run folders of trained models, 2 to 12; the page calls them A, B and so on.")
  private List<Path> paths = List.of();

  @Option(
      names = "--out",
      paramLabel = "FILE",
      defaultValue = "compare.html",
      description = "The page to write; default ${DEFAULT-VALUE}.")
  private Path out = Path.of("compare.html");

  /**
   * What {@code --json} prints.
   *
   * @param page path of the page
   * @param runs the runs
   * @param differences keys of {@code run.json} that differ, with each run's value
   */
  record Compared(String page, List<Entry> runs, Map<String, List<String>> differences) {}

  /**
   * A run of a comparison.
   *
   * @param name what the page calls it
   * @param run its folder
   * @param id its id
   * @param measurements of it
   */
  record Entry(String name, String run, String id, RunMeasurements measurements) {}

  @Override
  public Integer call() throws IOException {
    List<MeasuredRun> runs = new ArrayList<>();
    for (Path path : paths) {
      runs.add(read(path));
    }
    Comparison comparison = new Comparison(runs);
    AtomicFiles.write(out, comparison.html());
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < runs.size(); i++) {
      MeasuredRun run = runs.get(i);
      String name = Comparison.name(i);
      output.text(name + "  " + paths.get(i) + "  (" + run.run().id() + ")");
      entries.add(new Entry(name, paths.get(i).toString(), run.run().id(), run.measurements()));
    }
    print("held-out rows", runs, comparison, RunMeasurements::validation);
    print("test rows", runs, comparison, RunMeasurements::test);
    Map<String, List<String>> differences = comparison.differences();
    output.text("");
    TextTable table = new TextTable().add(head("what differs"));
    differences.forEach((key, values) -> table.add(row(key, values)));
    table.lines().forEach(output::text);
    output.text("");
    output.text("comparison: " + out);
    output.result(new Compared(out.toString(), entries, differences));
    return ExitCode.OK;
  }

  private void print(
      String title,
      List<MeasuredRun> runs,
      Comparison comparison,
      Function<RunMeasurements, SplitMeasurements> split) {
    TextTable table = new TextTable().add(head(title));
    for (Figure figure : Figure.values()) {
      Set<Integer> best = comparison.best(figure, split);
      List<String> values = new ArrayList<>();
      for (int i = 0; i < runs.size(); i++) {
        String value = figure.text(split.apply(runs.get(i).measurements()));
        values.add(value + (best.contains(i) ? " *" : "  "));
      }
      table.add(row(figure.label(), values));
    }
    output.text("");
    table.lines().forEach(output::text);
    output.text("(* best)");
  }

  private List<String> head(String first) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < paths.size(); i++) {
      names.add(Comparison.name(i) + "  ");
    }
    return row(first, names);
  }

  private static List<String> row(String first, List<String> rest) {
    List<String> row = new ArrayList<>(List.of(first));
    row.addAll(rest);
    return row;
  }

  private static MeasuredRun read(Path path) throws IOException {
    RunFolder folder = RunFolder.open(path);
    RunMeasurements measurements = folder.measurements();
    if (measurements == null) {
      throw new BadInput(
          path + ": holds no measurements.json; train it again, or leave it out of the comparison");
    }
    return new MeasuredRun(folder.completeRun(), folder.metrics(), measurements);
  }
}
