package dev.gatehouse.trainer.cli;

import dev.gatehouse.proto.cli.ExitCode;
import dev.gatehouse.proto.cli.Output;
import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.run.Run;
import dev.gatehouse.proto.run.RunFolder;
import dev.gatehouse.trainer.config.DistillConfig;
import dev.gatehouse.trainer.data.DataSet;
import dev.gatehouse.trainer.data.DataSets;
import dev.gatehouse.trainer.loop.Distiller;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code distill}: a trained mixture into one that is served sparsely. */
@Command(
    name = "distill",
    mixinStandardHelpOptions = true,
    description = {
      "Distils a trained mixture into one with a plain gate, which chooses experts before any ran.",
      "The experts keep their weights."
    },
    footer = {
      "",
      "Examples:",
      "  gatehouse distill runs/strokes --out runs/strokes-plain",
      "  gatehouse distill runs/mnist --data-dir data/mnist --serve top-2 --out runs/mnist-top2",
      "  gatehouse distill runs/mnist --data-dir data/mnist --match 0 --out runs/by-labels"
    })
public final class DistillCommand implements Callable<Integer> {
  @Mixin private Output output = new Output();
  @Mixin private DataOptions data = new DataOptions();
  @Mixin private LoopOptions loop = new LoopOptions();

  @Parameters(paramLabel = "RUN", description = "Run folder of the trained mixture.")
  private Path teacher = Path.of("");

  @Option(
      names = "--serve",
      paramLabel = "RULE",
      converter = RuleConverter.class,
      defaultValue = "top-1",
      description = "The rule to be served: dense or top-K; default ${DEFAULT-VALUE}.")
  private RoutingRule serving = new RoutingRule.TopK(1);

  @Option(
      names = "--match",
      paramLabel = "W",
      description =
          "Weight of the teacher's gate probabilities beside the labels; default 1, the paper's 0.")
  private @Nullable Double match;

  @Option(
      names = "--out",
      paramLabel = "RUN",
      required = true,
      description = "The run folder to make.")
  private Path out = Path.of("");

  @Override
  public Integer call() throws IOException {
    Run.Training defaults = DistillConfig.defaultTraining();
    Run.Training training = loop.over(defaults.matched(LoopOptions.or(match, defaults.match())));
    Run run = RunFolder.open(teacher).completeRun();
    RunFolder.requireFree(out);
    DataSet rows = DataSets.load(run.dataset().name(), data.dataDir);
    DistillConfig config = new DistillConfig(teacher, data.dataDir, serving, training, out);
    try (Reporting reporting = new Reporting("distil", output)) {
      RunFolder folder = new Distiller(Clock.systemUTC(), reporting).distill(config, rows);
      RunSummary summary = RunSummary.of(folder, rows.families());
      summary.lines().forEach(output::text);
      output.text("run folder: " + folder.path());
      output.result(summary);
    }
    return ExitCode.OK;
  }
}
