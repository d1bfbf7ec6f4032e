package dev.gatehouse.trainer.cli;

import dev.gatehouse.proto.cli.ExitCode;
import dev.gatehouse.proto.cli.Output;
import dev.gatehouse.proto.run.Run;
import dev.gatehouse.proto.run.RunFolder;
import dev.gatehouse.trainer.data.DataSet;
import dev.gatehouse.trainer.evaluation.Evaluation;
import dev.gatehouse.trainer.loop.SameData;
import dev.gatehouse.trainer.loop.SavedData;
import dev.gatehouse.trainer.loop.Weights;
import dev.gatehouse.trainer.model.MixtureModel;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code evaluate}: measures a run again. */
@Command(
    name = "evaluate",
    mixinStandardHelpOptions = true,
    description = "Measures a trained model on the data set that it was trained on.",
    footer = {
      "",
      "Examples:",
      "  gatehouse evaluate runs/strokes",
      "  gatehouse evaluate runs/mnist --data-dir data/mnist --json"
    })
public final class EvaluateCommand implements Callable<Integer> {
  @Mixin private Output output = new Output();
  @Mixin private DataOptions data = new DataOptions();

  @Parameters(paramLabel = "RUN", description = "Run folder of the trained model.")
  private Path path = Path.of("");

  @Override
  public Integer call() {
    RunFolder folder = RunFolder.open(path);
    Run run = folder.completeRun();
    DataSet rows = data.load(SavedData.of(folder));
    SameData.require(path, run, rows);
    try (MixtureModel model = Weights.open(folder, run.model())) {
      Evaluation evaluation = Evaluation.of(model, rows, run.serving());
      RunSummary summary =
          RunSummary.of(
              folder, run, evaluation.results(), evaluation.routing().test(), rows.families());
      summary.lines().forEach(output::text);
      summary.table().forEach(output::text);
      output.result(summary);
    }
    return ExitCode.OK;
  }
}
