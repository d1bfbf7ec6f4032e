package dev.gatehouse.bench.cli;

import dev.gatehouse.bench.train.BenchCase;
import dev.gatehouse.bench.train.TrainBench;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.cli.ExitCode;
import dev.gatehouse.proto.cli.Output;
import dev.gatehouse.proto.cli.Progress;
import dev.gatehouse.trainer.loop.StepTimes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench train}: a step of training against a plain loop. */
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    description = {
      "Measures a step of training against the loop that a good user of DJL would write: one"
          + " forward pass per expert and DJL's Adam. Both take the same steps by turns; the ratio"
          + " is the loop's time over ours."
    },
    footer = {
      "",
      "Examples:",
      "  gatehouse bench train",
      "  gatehouse bench train --case mnist --experts 10 --rounds 50",
      "  gatehouse bench train --case mnist --batch 1",
      "  gatehouse bench train --threads 2 --json"
    })
public final class BenchTrainCommand implements Callable<Integer> {
  private static final int DATA = 4096;
  private static final TrainBench QUICK = new TrainBench(1, 64);
  private static final int QUICK_BATCH = 8;

  @Mixin private Output output = new Output();

  @Option(
      names = "--case",
      paramLabel = "NAME",
      split = ",",
      description = "mnist, six-channel or cifar; default all.")
  private List<String> names = List.of();

  @Option(
      names = "--experts",
      paramLabel = "M",
      split = ",",
      description = "Numbers of experts; default 5,10,20.")
  private List<Integer> experts = List.of(5, 10, 20);

  @Option(
      names = "--batch",
      paramLabel = "ROWS",
      description =
          "Rows a step; default each case's own. One row shows what a step costs at least.")
  private @Nullable Integer batch;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "15",
      description = "Steps of each, by turns; default ${DEFAULT-VALUE}.")
  private int rounds = 15;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "1",
      description = "Threads of one operation; default ${DEFAULT-VALUE}.")
  private int threads = 1;

  @Option(
      names = "--quick",
      description = "Tiny batches and one round: shows that it runs, not how fast.")
  private boolean quick;

  /**
   * What the command prints with {@code --json}.
   *
   * @param threads of one operation
   * @param processors that the machine has
   * @param java its version
   * @param multiplyAddsPerSecond of a product of matrices of 512 rows and columns
   * @param copiedBytesPerSecond of a copy that no cache holds, bytes read and bytes written
   * @param cases the measurements
   */
  record Report(
      int threads,
      int processors,
      String java,
      double multiplyAddsPerSecond,
      double copiedBytesPerSecond,
      List<TrainBench.Result> cases) {}

  @Override
  public Integer call() {
    if (rounds < 1 || threads < 1 || experts.stream().anyMatch(m -> m < 1)) {
      throw new BadInput(
          "rounds, threads and experts must be at least 1; rounds="
              + rounds
              + ", threads="
              + threads
              + ", experts="
              + experts);
    }
    if (batch != null && (batch < 1 || batch > DATA)) {
      throw new BadInput("batch must be in [1, " + DATA + "]; batch=" + batch);
    }
    List<BenchCase> cases =
        names.isEmpty() ? BenchCase.all() : names.stream().map(BenchCase::named).toList();
    // Read when the engine is loaded, which is later.
    System.setProperty("ai.djl.pytorch.num_threads", Integer.toString(threads));
    Report report = measure(cases);
    output.result(report);
    return ExitCode.OK;
  }

  private Report measure(List<BenchCase> cases) {
    TrainBench bench = quick ? QUICK : new TrainBench(rounds, DATA);
    double best = TrainBench.multiplyAddsPerSecond();
    double copied = TrainBench.copiedBytesPerSecond();
    output.text(
        String.format(
            Locale.ROOT,
            "%d threads of %d; a matrix product does %.1f billion multiply-adds a second, a copy"
                + " moves %.1f GB",
            threads,
            Runtime.getRuntime().availableProcessors(),
            best / 1e9,
            copied / 1e9));
    output.text(
        "case          M  batch   samples/s    loop  ratio   ms: data  forward backward optimizer"
            + "  arithmetic");
    List<TrainBench.Result> results = new ArrayList<>();
    for (BenchCase one : cases) {
      for (int m : experts) {
        BenchCase sized = sized(one);
        try (Progress bar = Progress.start(one.name() + ", " + m + " experts", bench.allRounds())) {
          results.add(bench.measure(sized, m, best, (name, number) -> bar.step("")));
        }
        output.text(line(results.get(results.size() - 1)));
      }
    }
    return new Report(
        threads,
        Runtime.getRuntime().availableProcessors(),
        Runtime.version().toString(),
        best,
        copied,
        results);
  }

  private BenchCase sized(BenchCase one) {
    if (quick) {
      return one.withBatch(QUICK_BATCH);
    }
    return batch == null ? one : one.withBatch(batch);
  }

  private static String line(TrainBench.Result result) {
    StepTimes times = result.milliseconds();
    return String.format(
        Locale.ROOT,
        "%-12s %2d %6d %11.0f %7.0f %6.2f %10.2f %8.2f %8.2f %9.2f %11.2f",
        result.name(),
        result.experts(),
        result.batch(),
        result.samplesPerSecond(),
        result.loopSamplesPerSecond(),
        result.ratioToLoop(),
        times.data(),
        times.forward(),
        times.backward(),
        times.optimizer(),
        result.arithmeticMilliseconds());
  }
}
