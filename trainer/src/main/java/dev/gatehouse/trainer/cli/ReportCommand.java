package dev.gatehouse.trainer.cli;

import ai.djl.Device;
import dev.gatehouse.proto.cli.ExitCode;
import dev.gatehouse.proto.cli.Output;
import dev.gatehouse.proto.file.AtomicFiles;
import dev.gatehouse.proto.run.RunFolder;
import dev.gatehouse.proto.run.RunMeasurements;
import dev.gatehouse.trainer.evaluation.Evaluation;
import dev.gatehouse.trainer.report.MeasuredRun;
import dev.gatehouse.trainer.report.RunReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code report}: a run's page, made again. */
@Command(
    name = "report",
    mixinStandardHelpOptions = true,
    description = {
      "Measures a trained model and writes its report: one HTML page with learning curves, who",
      "takes what, calibration, rows worth a look, every measurement and the configuration.",
      "Training leaves the same page in the run folder."
    },
    footer = {
      "",
      "Examples:",
      "  gatehouse report --run runs/strokes",
      "  gatehouse report runs/mnist --data-dir data/mnist --out mnist.html"
    })
public final class ReportCommand implements Callable<Integer> {
  @Mixin private Output output = new Output();
  @Mixin private DataOptions data = new DataOptions();
  @Mixin private DeviceOptions device = new DeviceOptions();

  @Mixin private RunArgument run = new RunArgument();

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "The page to write; default report.html in the run folder.")
  private @Nullable Path out;

  /**
   * What {@code --json} prints.
   *
   * @param report path of the page
   * @param measurements what it shows
   */
  record Written(String report, RunMeasurements measurements) {}

  @Override
  public Integer call() throws IOException {
    Device on = device.device();
    FinishedRun finished = FinishedRun.open(run.path(), data, output);
    RunFolder folder = finished.folder();
    Evaluation evaluation = finished.measure(on);
    Path page = out == null ? folder.report() : out;
    MeasuredRun measured =
        new MeasuredRun(finished.run(), folder.metrics(), evaluation.measurements());
    AtomicFiles.write(page, RunReport.html(measured, evaluation.examples()));
    output.text("report: " + page);
    output.result(new Written(page.toString(), evaluation.measurements()));
    return ExitCode.OK;
  }
}
