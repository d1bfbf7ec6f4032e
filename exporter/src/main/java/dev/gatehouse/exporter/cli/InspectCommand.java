package dev.gatehouse.exporter.cli;

import dev.gatehouse.exporter.inspect.Inspection;
import dev.gatehouse.exporter.inspect.InspectionPage;
import dev.gatehouse.exporter.inspect.MeasuredHere;
import dev.gatehouse.proto.cli.ExitCode;
import dev.gatehouse.proto.cli.Output;
import dev.gatehouse.proto.file.AtomicFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code inspect}: what a bundle is, and what a row costs. */
@Command(
    name = "inspect",
    mixinStandardHelpOptions = true,
    description = {
      "Shows a bundle: what it takes and gives, its experts, what a row costs as it is served and",
      "with all experts (operations and bytes of weights, counted from the graphs), where it comes",
      "from, what was measured, who signed it. The checksums are checked; without --measure",
      "nothing is run."
    },
    footer = {
      "",
      "Examples:",
      "  gatehouse inspect models/strokes/1",
      "  gatehouse inspect models/strokes/1 --measure",
      "  gatehouse inspect models/strokes/1 --html strokes.html",
      "  gatehouse inspect models/strokes/1 --json"
    })
public final class InspectCommand implements Callable<Integer> {
  @Mixin private Output output = new Output();

  @Parameters(paramLabel = "BUNDLE", description = "The bundle's folder, NAME/VERSION.")
  private Path bundle = Path.of("");

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Write it as a page that needs nothing else, instead of printing it.")
  private @Nullable Path html;

  @Option(
      names = "--measure",
      description =
          "Also load it as a server would, and say what a row takes on this machine and which rows"
              + " are computed together.")
  private boolean measure;

  @Override
  public Integer call() throws IOException {
    Inspection inspection = Inspection.of(bundle);
    if (measure) {
      inspection = inspection.with(MeasuredHere.of(bundle));
    }
    if (html == null) {
      inspection.lines().forEach(output::text);
    } else {
      AtomicFiles.write(html, InspectionPage.html(inspection));
      output.text("page: " + html);
    }
    output.result(inspection);
    return ExitCode.OK;
  }
}
