package dev.gatehouse.exporter.cli;

import dev.gatehouse.exporter.parity.BundleCheck;
import dev.gatehouse.exporter.parity.ParityReport;
import dev.gatehouse.proto.bundle.Bundle;
import dev.gatehouse.proto.bundle.ManifestSignature;
import dev.gatehouse.proto.bundle.Parity;
import dev.gatehouse.proto.bundle.TrustedKeys;
import dev.gatehouse.proto.cli.ExitCode;
import dev.gatehouse.proto.cli.Output;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code verify}: signature, checksums and self-test of a bundle, anywhere. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description = {
      "Checks a bundle: checksums, and that its graphs answer as the trained model did.",
      "Both forms are run over the self-test: the portable graph and the graphs that are served.",
      "With --public-key also that the key's owner signed it. It may lie anywhere; a line says so",
      "where serve would not take it from there."
    },
    footer = {
      "",
      "Examples:",
      "  gatehouse verify models/strokes/1",
      "  gatehouse verify models/strokes/1 --json",
      "  gatehouse verify models/strokes/1 --public-key release.pem.pub"
    })
public final class VerifyCommand implements Callable<Integer> {
  @Mixin private Output output = new Output();

  @Parameters(paramLabel = "BUNDLE", description = "The bundle's folder, NAME/VERSION.")
  private Path bundle = Path.of("");

  @Option(
      names = "--public-key",
      paramLabel = "FILE",
      description = "Refuse a bundle that this key's owner has not signed; PEM.")
  private @Nullable Path publicKey;

  @Override
  public Integer call() {
    if (publicKey != null) {
      TrustedKeys.read(List.of(publicKey)).require(bundle);
    }
    Bundle opened = Bundle.open(bundle);
    ParityReport report = BundleCheck.check(opened);
    Optional<String> misplaced = opened.manifest().misplacedIn(bundle);
    String signedBy = ManifestSignature.of(bundle).map(ManifestSignature::key).orElse(null);
    output.text(bundle + ": the files match their checksums, the graphs the trained model");
    ParityLines.of(report).forEach(output::text);
    output.text(signed(signedBy));
    misplaced.ifPresent(reason -> output.note("gatehouse: serve would refuse it: " + reason));
    output.result(
        new Verified(
            bundle.toString(),
            report.portable(),
            report.split(),
            report.maxAbsDiff(),
            signedBy,
            publicKey != null,
            misplaced.isEmpty()));
    return ExitCode.OK;
  }

  private String signed(@Nullable String by) {
    if (by == null) {
      return "not signed";
    }
    return publicKey == null
        ? "says it is signed by " + by + "; --public-key checks that"
        : "signed by " + by;
  }

  private record Verified(
      String bundle,
      @Nullable Parity portable,
      Parity split,
      double maxAbsDiff,
      @Nullable String signedBy,
      boolean signatureChecked,
      boolean inPlace) {}
}
