package dev.gatehouse.cli;

import dev.gatehouse.cli.doctor.Check;
import dev.gatehouse.cli.doctor.Doctor;
import dev.gatehouse.proto.cli.ExitCode;
import dev.gatehouse.proto.cli.Output;
import dev.gatehouse.service.cli.PortOptions;
import dev.gatehouse.trainer.data.download.DownloadListener;
import dev.gatehouse.trainer.data.download.Downloads;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code doctor}: what this machine has of what is needed. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = {
      "Says what this machine has of what Gatehouse needs, and what to do about the rest.",
      "Exit code 1 where a command would fail for it."
    },
    footer = {
      "",
      "Examples:",
      "  gatehouse doctor",
      "  gatehouse doctor --json",
      "  gatehouse doctor --grpc-port 9000 --http-port 9001"
    })
final class DoctorCommand implements Callable<Integer> {
  @Mixin private Output output = new Output();
  @Mixin private PortOptions ports = new PortOptions();

  private record Found(boolean ready, List<Check> checks) {}

  @Override
  public Integer call() {
    Map<String, Integer> byFlag = new LinkedHashMap<>();
    byFlag.put("--grpc-port", ports.grpc());
    byFlag.put("--http-port", ports.http());
    Downloads downloads = Downloads.asEnvironmentSays(DownloadListener.QUIET);
    List<Check> checks = new Doctor(downloads, byFlag).checks();
    boolean ready = checks.stream().noneMatch(check -> check.state() == Check.State.FAILED);
    checks.forEach(check -> output.text(line(check)));
    output.result(new Found(ready, checks));
    return ready ? ExitCode.OK : ExitCode.FAILURE;
  }

  private static String line(Check check) {
    String remedy = check.remedy() == null ? "" : "; " + check.remedy();
    return String.format(
        "%-14s %-8s %s%s",
        check.name(), check.state().name().toLowerCase(Locale.ROOT), check.found(), remedy);
  }
}
