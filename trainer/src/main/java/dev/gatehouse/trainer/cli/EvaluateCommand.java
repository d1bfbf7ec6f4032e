package dev.gatehouse.trainer.cli;

import ai.djl.Device;
import dev.gatehouse.proto.cli.ExitCode;
import dev.gatehouse.proto.cli.Output;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

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
  @Mixin private DeviceOptions device = new DeviceOptions();

  @Mixin private RunArgument run = new RunArgument();

  @Override
  public Integer call() {
    Device on = device.device();
    FinishedRun finished = FinishedRun.open(run.path(), data, output);
    RunSummary summary =
        RunSummary.of(
            finished.folder(), finished.run(), finished.measure(on), finished.data().families());
    summary.lines().forEach(output::text);
    summary.figures().forEach(output::text);
    summary.table().forEach(output::text);
    output.result(summary);
    return ExitCode.OK;
  }
}
