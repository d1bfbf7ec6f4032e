package dev.gatehouse.trainer.cli;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.cli.ExitCode;
import dev.gatehouse.proto.cli.Output;
import dev.gatehouse.proto.file.AtomicFiles;
import dev.gatehouse.trainer.experiment.Cell;
import dev.gatehouse.trainer.experiment.CellResult;
import dev.gatehouse.trainer.experiment.Experiment;
import dev.gatehouse.trainer.experiment.Plan;
import dev.gatehouse.trainer.experiment.ResultTable;
import dev.gatehouse.trainer.experiment.ResultText;
import dev.gatehouse.trainer.experiment.Row;
import dev.gatehouse.trainer.experiment.pictures.ResultPictures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code experiment}: a grid of runs and the tables that come of it. */
@Command(
    name = "experiment",
    mixinStandardHelpOptions = true,
    description = {
      "Runs a grid of trainings, methods by settings by seeds, and prints its tables. They are"
          + " written to the folder of its results, with pictures of them as SVG.",
      "",
      "What is done is never run again: a grid that was stopped or killed goes on where it was."
          + " With --method and --seed one cell is run anew, held against what is on record, and"
          + " not recorded."
    },
    footer = {
      "",
      "Examples:",
      "  gatehouse experiment docs/results/mnist-5.yaml --data-dir data/mnist --jobs 2",
      "  gatehouse experiment docs/results/mnist-5.yaml --only original,attentive --data-dir data",
      "  gatehouse experiment docs/results/mnist-5.yaml --tables",
      "  gatehouse experiment docs/results/mnist-5.yaml --method attentive --seed 3 --data-dir data"
    })
public final class ExperimentCommand implements Callable<Integer> {
  @Mixin private Output output = new Output();
  @Mixin private DataOptions data = new DataOptions();

  @Parameters(paramLabel = "FILE", description = "The experiment, in YAML.")
  private Path file = Path.of("");

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where results go; default the file's name without .yaml, beside it.")
  private @Nullable Path out;

  @Option(
      names = "--jobs",
      paramLabel = "N",
      defaultValue = "1",
      description = "Cells at a time, each in a process of its own; default ${DEFAULT-VALUE}.")
  private int jobs = 1;

  @Option(
      names = "--only",
      paramLabel = "ROW",
      split = ",",
      description = "Rows to run; default all. Their teachers are run too.")
  private List<String> only = List.of();

  @Option(
      names = "--tables",
      description = "Write tables and pictures of what is there, and run nothing.")
  private boolean tables;

  @Option(names = "--method", paramLabel = "ROW", description = "Run this row's cells anew.")
  private @Nullable String method;

  @Option(names = "--seed", paramLabel = "N", description = "With this seed, of the grid or not.")
  private @Nullable Long seed;

  @Option(
      names = "--at",
      paramLabel = "SETTINGS",
      description = "Of several settings, those that --method prints, as 'importance=0.2'.")
  private @Nullable String at;

  /**
   * What {@code --method} prints with {@code --json}.
   *
   * @param result of the new run
   * @param recorded what is on record; null where nothing is
   * @param same whether both have the same weights and figures; null where nothing is on record
   */
  record Again(CellResult result, @Nullable CellResult recorded, @Nullable Boolean same) {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (jobs < 1) {
      throw new BadInput("jobs must be at least 1; jobs=" + jobs);
    }
    if ((method == null) != (seed == null) || (at != null && method == null)) {
      throw new BadInput("--method and --seed name a cell together; --at goes with them");
    }
    try (ExperimentLines lines = new ExperimentLines(output)) {
      return call(lines);
    }
  }

  private int call(ExperimentLines lines) throws IOException, InterruptedException {
    Experiment experiment = new Experiment(file, folder(), data.folder(), jobs, lines);
    if (method != null && seed != null) {
      return again(experiment, method, seed);
    }
    boolean whole = tables || experiment.run(cells(experiment.plan()));
    write(experiment.table());
    return whole ? ExitCode.OK : ExitCode.FAILURE;
  }

  private Path folder() {
    if (out != null) {
      return out;
    }
    String name = file.getFileName().toString();
    String stem = name.contains(".") ? name.substring(0, name.lastIndexOf('.')) : name + "-results";
    return file.resolveSibling(stem);
  }

  private List<Cell> cells(Plan plan) {
    List<Row> rows = only.stream().map(plan::row).toList();
    return plan.cells().stream()
        .filter(cell -> rows.isEmpty() || rows.contains(cell.row()))
        .toList();
  }

  private void write(ResultTable table) throws IOException {
    Files.createDirectories(folder());
    String markdown = ResultText.markdown(table);
    AtomicFiles.write(folder().resolve("table.md"), markdown);
    AtomicFiles.write(folder().resolve("table.csv"), ResultText.csv(table));
    for (Map.Entry<String, String> picture : ResultPictures.of(table).entrySet()) {
      AtomicFiles.write(folder().resolve(picture.getKey()), picture.getValue());
    }
    output.text(markdown);
    output.result(table);
  }

  private int again(Experiment experiment, String name, long number)
      throws IOException, InterruptedException {
    List<Again> all = new ArrayList<>();
    for (Cell cell : chosen(experiment.plan().cells(experiment.plan().row(name), number))) {
      Path fresh = Files.createTempDirectory("gatehouse-experiment-");
      CellResult result;
      try {
        result = experiment.again(cell, fresh);
      } finally {
        AtomicFiles.delete(fresh);
      }
      Optional<CellResult> recorded = experiment.recorded(cell);
      Boolean same = recorded.map(before -> CellResult.same(before, result)).orElse(null);
      ExperimentLines.figures(cell, result).forEach(output::text);
      output.text(
          same == null
              ? "nothing is on record of this cell"
              : same
                  ? "the same weights and figures as on record"
                  : "not what is on record: " + ExperimentLines.weights(recorded.orElseThrow()));
      all.add(new Again(result, recorded.orElse(null), same));
    }
    output.result(all);
    boolean differs = all.stream().anyMatch(a -> Boolean.FALSE.equals(a.same()));
    return differs ? ExitCode.FAILURE : ExitCode.OK;
  }

  private List<Cell> chosen(List<Cell> cells) {
    if (at == null) {
      return cells;
    }
    List<Cell> chosen =
        cells.stream().filter(cell -> cell.point().toString().equals(at.strip())).toList();
    if (chosen.isEmpty()) {
      throw new BadInput(
          "at must be one of "
              + cells.stream().map(cell -> "'" + cell.point() + "'").toList()
              + "; at='"
              + at
              + "'");
    }
    return chosen;
  }
}
