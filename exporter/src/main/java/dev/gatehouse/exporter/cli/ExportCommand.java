package dev.gatehouse.exporter.cli;

import dev.gatehouse.exporter.DataRows;
import dev.gatehouse.exporter.ExportOptions;
import dev.gatehouse.exporter.ExportReport;
import dev.gatehouse.exporter.Exporter;
import dev.gatehouse.proto.bundle.Manifest;
import dev.gatehouse.proto.bundle.Precision;
import dev.gatehouse.proto.cli.ExitCode;
import dev.gatehouse.proto.cli.Output;
import dev.gatehouse.proto.run.RunFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code export}: a finished run as a bundle. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    description = {
      "Turns a finished run into a model bundle, DIR/NAME/VERSION: ONNX graphs, manifest, self-test.",
      "Nothing is left behind unless the graphs answer the self-test as the trained model did.",
      "A graph that another version has to the byte becomes a link to that file."
    },
    footer = {
      "",
      "Examples:",
      "  gatehouse export --run runs/strokes-plain --out models --name strokes",
      "  gatehouse export --run runs/mnist --out models --name mnist --model-version 3 --json",
      "  gatehouse export --run runs/mnist --out models --name mnist --quantize int8",
      "  gatehouse export --run runs/cifar --out models --name cifar --quantize w8a8"
    })
public final class ExportCommand implements Callable<Integer> {
  private final RowsOfRun data;

  @Mixin private Output output = new Output();
  @Mixin private Destination to = new Destination();
  @Mixin private GraphOptions graphs = new GraphOptions();

  @Option(
      names = "--run",
      paramLabel = "RUN",
      required = true,
      description = "Run folder of the trained model.")
  private Path run = Path.of("");

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description =
          "Folder of the data set's files, to measure rounded weights on its test rows, and to see"
              + " the ranges that w8a8 needs on its training rows; by default where the run"
              + " found them.")
  private @Nullable Path dataDir;

  /** A command that measures rounded weights on what {@code data} finds. */
  public ExportCommand(RowsOfRun data) {
    this.data = data;
  }

  @Override
  public Integer call() throws IOException {
    RunFolder folder = RunFolder.open(run);
    ExportReport report =
        Exporter.export(
            folder,
            to.models(),
            to.name(),
            to.version(),
            new ExportOptions(graphs.weights(), graphs.integers(), graphs.input(), this::rows));
    Manifest manifest = report.bundle().manifest();
    output.text("bundle  " + report.bundle().path());
    output.text(
        String.format(
            Locale.ROOT,
            "model   %s/%d: %d experts, %s, %s",
            manifest.name(),
            manifest.version(),
            manifest.experts(),
            manifest.routing().name().toLowerCase(Locale.ROOT),
            manifest.rule()));
    ParityLines.of(report.parity()).forEach(output::text);
    PrecisionLines.of(manifest.precision()).forEach(output::text);
    SharedLine.of(report.bundle(), report.sharedBytes()).forEach(output::text);
    output.result(
        new Exported(
            report.bundle().path().toString(),
            manifest.name(),
            manifest.version(),
            report.parity().maxAbsDiff(),
            report.sharedBytes(),
            manifest.precision()));
    return ExitCode.OK;
  }

  private DataRows rows(RunFolder folder) {
    DataRows rows = data.of(folder, dataDir);
    if (rows instanceof DataRows.Missing missing) {
      output.note(
          "gatehouse: what rounding changes is measured on the self-test's rows alone: "
              + missing.reason());
    }
    return rows;
  }

  private record Exported(
      String bundle,
      String name,
      int version,
      double maxAbsDiff,
      long sharedBytes,
      Precision precision) {}
}
