package dev.gatehouse.bench.cli;

import dev.gatehouse.bench.engine.EngineBench;
import dev.gatehouse.bench.engine.EnginePlots;
import dev.gatehouse.bench.engine.EngineResult;
import dev.gatehouse.bench.measure.Machine;
import dev.gatehouse.bench.model.Family;
import dev.gatehouse.proto.cli.ExitCode;
import dev.gatehouse.proto.cli.Output;
import dev.gatehouse.proto.cli.Progress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench engine}: a call of the engine against the bare runs of its graphs. */
@Command(
    name = "engine",
    mixinStandardHelpOptions = true,
    description = {
      "Measures a call of the engine against the floor, that is the bare runs of the gate and of"
          + " the chosen experts, against the portable graph, and against a graph that runs every"
          + " expert. Models have random weights; all sides answer the same rows by turns."
    },
    footer = {
      "",
      "Without --experts the families mnist and mlp have 5, 20 and 64 experts, cifar 5 and 20.",
      "",
      "Examples:",
      "  gatehouse bench engine",
      "  gatehouse bench engine --family mlp --experts 64 --batch 1,512 --top-k 1",
      "  gatehouse bench engine --family cifar,mlp --quantize w8a8",
      "  gatehouse bench engine --json --plots plots"
    })
public final class BenchEngineCommand implements Callable<Integer> {
  private static final double SECONDS = 6;

  @Mixin private Output output = new Output();
  @Mixin private Measured measured = new Measured();

  @Option(
      names = "--family",
      paramLabel = "NAME",
      split = ",",
      description = "mnist, cifar, cifar-light or mlp; default mnist,cifar,mlp.")
  private List<String> families = List.of("mnist", "cifar", "mlp");

  @Option(
      names = "--batch",
      paramLabel = "ROWS",
      split = ",",
      description = "Rows a call; default 1,8,64,512, with --quick 1,8.")
  private List<Integer> batches = List.of();

  @Option(names = "--quantize", paramLabel = "INTEGERS", description = Quantized.OPTION)
  private @Nullable Quantized quantize;

  /**
   * What the command prints with {@code --json}.
   *
   * @param machine it was measured on
   * @param cases the measurements
   */
  record Report(Machine machine, List<EngineResult> cases) {}

  @Override
  public Integer call() throws IOException {
    List<Family> chosen = Measured.families(families);
    List<Integer> usual = measured.isQuick() ? List.of(1, 8) : List.of(1, 8, 64, 512);
    List<Integer> rows = Measured.atLeast(1, "batch", batches.isEmpty() ? usual : batches);
    List<Integer> topKs = measured.topKs();
    measured.preparePlots();
    Machine machine = Machine.describe();
    EngineBench bench =
        new EngineBench(
            measured.pace(measured.time(SECONDS)),
            quantize != null,
            measured.cacheBytes(machine.cacheBytes()));
    output.text(machine.line());
    output.text(
        "family        M  k batch  engine us   floor us  /floor portable/  dense/   w8a8us    /w8a8   bytes  answer");
    List<EngineResult> results = new ArrayList<>();
    for (Family family : chosen) {
      for (int m : measured.experts(usual(family))) {
        int cases = topKs.size() * rows.size();
        try (Progress bar = Progress.start(family.name() + ", " + m + " experts", cases)) {
          Consumer<EngineResult> each =
              result -> {
                results.add(result);
                output.text(line(result));
                bar.step("");
              };
          Measured.inFolder(folder -> bench.measure(family, m, topKs, rows, folder, each));
        }
      }
    }
    measured.plot("engine", EnginePlots.ratios(results));
    output.result(new Report(machine, results));
    return ExitCode.OK;
  }

  private List<Integer> usual(Family family) {
    if (measured.isQuick()) {
      return List.of(3);
    }
    return family.name().startsWith("cifar") ? List.of(5, 20) : List.of(5, 20, 64);
  }

  private static String line(EngineResult result) {
    return String.format(
        Locale.ROOT,
        "%-11s %3d %2d %5d %10.1f %10.1f %7.2f %9s %7s %8s %8s %7.0f %7d",
        result.family(),
        result.experts(),
        result.topK(),
        result.batch(),
        result.engineUs(),
        result.floorUs(),
        result.ratioToFloor(),
        ratio(result.ratioToPortable()),
        ratio(result.ratioToDense()),
        result.w8a8Us() == null ? "-" : String.format(Locale.ROOT, "%.1f", result.w8a8Us()),
        ratio(result.ratioToW8a8()),
        result.bytesPerCall(),
        result.answerBytes());
  }

  /** Two decimals, or that there is none. */
  static String ratio(@Nullable Double value) {
    return value == null ? "-" : String.format(Locale.ROOT, "%.2f", value);
  }
}
