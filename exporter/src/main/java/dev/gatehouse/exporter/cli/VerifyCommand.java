package dev.gatehouse.exporter.cli;

import dev.gatehouse.exporter.parity.BundleCheck;
import dev.gatehouse.exporter.parity.ParityReport;
import dev.gatehouse.proto.bundle.Parity;
import dev.gatehouse.proto.cli.ExitCode;
import dev.gatehouse.proto.cli.Output;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code verify}: checksums and self-test of a bundle, anywhere. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description = {
      "Checks a bundle: checksums, and that its graphs answer as the trained model did.",
      "Both forms are run over the self-test: the portable graph and the graphs that are served."
    },
    footer = {
      "",
      "Examples:",
      "  gatehouse verify models/strokes/1",
      "  gatehouse verify models/strokes/1 --json"
    })
public final class VerifyCommand implements Callable<Integer> {
  @Mixin private Output output = new Output();

  @Parameters(paramLabel = "BUNDLE", description = "The bundle's folder, NAME/VERSION.")
  private Path bundle = Path.of("");

  @Override
  public Integer call() {
    ParityReport report = BundleCheck.check(bundle);
    output.text(bundle + ": the files match their checksums, the graphs the trained model");
    ParityLines.of(report).forEach(output::text);
    output.result(
        new Verified(bundle.toString(), report.portable(), report.split(), report.maxAbsDiff()));
    return ExitCode.OK;
  }

  private record Verified(String bundle, Parity portable, Parity split, double maxAbsDiff) {}
}
