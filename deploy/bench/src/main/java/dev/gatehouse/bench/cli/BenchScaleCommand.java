package dev.gatehouse.bench.cli;

import dev.gatehouse.bench.measure.Machine;
import dev.gatehouse.bench.model.Family;
import dev.gatehouse.bench.model.Skew;
import dev.gatehouse.bench.scale.Flatness;
import dev.gatehouse.bench.scale.Load;
import dev.gatehouse.bench.scale.ScaleBench;
import dev.gatehouse.bench.scale.ScalePlots;
import dev.gatehouse.bench.scale.ScaleResult;
import dev.gatehouse.proto.cli.ExitCode;
import dev.gatehouse.proto.cli.Output;
import dev.gatehouse.proto.cli.Progress;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench scale}: the engine from few experts to many. */
@Command(
    name = "scale",
    mixinStandardHelpOptions = true,
    description = {
      "Measures time, memory and start as experts are added, and rows of many callers batched as"
          + " the engine does against one batch over all callers, through the same sessions,"
          + " through the portable graph, and through a graph that runs every expert. Models have"
          + " random weights; all sides answer random rows by turns."
    },
    footer = {
      "",
      "Without --experts there are 4, 16, 64, 256 and 1024; the last takes 5 GB of disk and 10 GB",
      "of memory for the family mlp.",
      "",
      "Examples:",
      "  gatehouse bench scale",
      "  gatehouse bench scale --family mlp --experts 64,256 --top-k 1 --in-flight 256",
      "  gatehouse bench scale --json --plots plots"
    })
public final class BenchScaleCommand implements Callable<Integer> {
  private static final int ROUNDS = 5;

  /** Half of the time is for one row alone; the rest is shared by so many bursts. */
  private static final int BURSTS = 4 * ROUNDS;

  private static final double SECONDS = 30;

  private static final Duration QUICK = Duration.ofMillis(20);

  @Mixin private Output output = new Output();
  @Mixin private Measured measured = new Measured();

  @Option(
      names = "--family",
      paramLabel = "NAME",
      split = ",",
      description = "mnist, cifar, cifar-light or mlp; default mlp,mnist.")
  private List<String> families = List.of("mlp", "mnist");

  @Option(
      names = "--skew",
      paramLabel = "NAME",
      split = ",",
      description = "How rows spread over the experts: uniform, zipf; default both.")
  private List<Skew> skews = List.of(Skew.values());

  @Option(
      names = "--in-flight",
      paramLabel = "ROWS",
      split = ",",
      description = "Rows under way, of all callers together; default 64,256,1024,4096.")
  private List<Integer> inFlight = List.of(64, 256, 1024, 4096);

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads that compute, and as many that call; default the processors.")
  private int threads = Runtime.getRuntime().availableProcessors();

  /**
   * What the command prints with {@code --json}.
   *
   * @param machine it was measured on
   * @param threads that compute, and as many that call
   * @param cases the measurements
   * @param flatness how far times move with the number of experts
   */
  record Report(Machine machine, int threads, List<ScaleResult> cases, List<Flatness> flatness) {}

  @Override
  public Integer call() throws IOException {
    List<Family> chosen = Measured.families(families);
    Measured.atLeast(1, "in-flight", inFlight);
    Measured.atLeast(1, "threads", List.of(threads));
    List<Integer> topKs = measured.topKs();
    List<Integer> experts =
        measured.experts(measured.isQuick() ? List.of(2, 4) : List.of(4, 16, 64, 256, 1024));
    measured.preparePlots();
    Machine machine = Machine.describe();
    ScaleBench bench = bench(machine);
    output.text(machine.line());
    output.text(
        "family         M  k skew     open ms      MB  row us  floor  flight"
            + " | policy     rows/s     p99    cpu | global     p99    cpu  times at p99"
            + " | portable/  dense/");
    List<ScaleResult> results = new ArrayList<>();
    for (Family family : chosen) {
      for (int m : experts) {
        int cases = topKs.size() * skews.size() * inFlight.size();
        try (Progress bar = Progress.start(family.name() + ", " + m + " experts", cases)) {
          Consumer<ScaleResult> each =
              result -> {
                results.add(result);
                output.text(line(result));
                result.notes().forEach(note -> output.text("  " + note));
                bar.step("");
              };
          Measured.inFolder(folder -> bench.measure(family, m, topKs, skews, folder, each));
        }
      }
    }
    List<Flatness> flatness = Flatness.of(results);
    flatness.forEach(one -> output.text(line(one)));
    measured.plot("scale-load", ScalePlots.load(results));
    measured.plot("scale-alone", ScalePlots.alone(results));
    output.result(new Report(machine, threads, results, flatness));
    return ExitCode.OK;
  }

  private ScaleBench bench(Machine machine) {
    Duration half = measured.time(SECONDS).dividedBy(2);
    return new ScaleBench(
        measured.pace(half),
        measured.isQuick() ? 1 : ROUNDS,
        measured.isQuick() ? QUICK : half.dividedBy((long) BURSTS * inFlight.size()),
        threads,
        inFlight,
        measured.cacheBytes(machine.cacheBytes()));
  }

  private static String line(ScaleResult result) {
    Load own = result.engine();
    Load global = result.globalBatch();
    return String.format(
        Locale.ROOT,
        "%-11s %4d %2d %-7s %8.0f %7s %7.1f %6s %7d | %-10s %6.0f %7.2f %6.1f"
            + " | %6.0f %7.2f %6.1f %6.2f %6s | %9s %7s",
        result.family(),
        result.experts(),
        result.topK(),
        result.skew(),
        result.openMs(),
        megabytes(result.residentBytes()),
        result.oneRowUs(),
        BenchEngineCommand.ratio(result.floorRowUs()),
        result.inFlight(),
        result.policy(),
        own.rowsPerSecond(),
        own.p99Ms(),
        own.cpuUs(),
        global.rowsPerSecond(),
        global.p99Ms(),
        global.cpuUs(),
        result.timesGlobalBatch(),
        BenchEngineCommand.ratio(result.timesAtEqualP99()),
        BenchEngineCommand.ratio(result.timesPortable()),
        BenchEngineCommand.ratio(result.timesDense()));
  }

  private static String megabytes(@Nullable Long bytes) {
    return bytes == null ? "-" : Long.toString(bytes / 1_000_000);
  }

  private static String line(Flatness one) {
    return String.format(
        Locale.ROOT,
        "%s, k = %d, %s, M from %d to %d: longest over shortest time of one row alone %.2f, with %d"
            + " in flight %.2f",
        one.family(),
        one.topK(),
        one.skew(),
        one.fewest(),
        one.most(),
        one.oneRow(),
        one.inFlight(),
        one.underLoad());
  }
}
