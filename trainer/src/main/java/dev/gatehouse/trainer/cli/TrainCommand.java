package dev.gatehouse.trainer.cli;

import dev.gatehouse.proto.cli.ExitCode;
import dev.gatehouse.proto.cli.Output;
import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.run.Run;
import dev.gatehouse.proto.run.RunFolder;
import dev.gatehouse.trainer.config.Architectures;
import dev.gatehouse.trainer.config.GateKind;
import dev.gatehouse.trainer.config.TrainConfig;
import dev.gatehouse.trainer.data.DataSet;
import dev.gatehouse.trainer.data.DataSets;
import dev.gatehouse.trainer.loop.Trainer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code train}: a mixture from labels. */
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    description = "Trains a mixture of experts and leaves a run folder.",
    footer = {
      "",
      "Examples:",
      "  gatehouse train --out runs/strokes",
      "  gatehouse train --dataset mnist --data-dir data/mnist --out runs/mnist",
      "  gatehouse train --gate softmax --rule top-2 --experts 10 --importance 0.5 --out runs/top2",
      "  gatehouse train --gate none --experts 1 --out runs/single"
    })
public final class TrainCommand implements Callable<Integer> {
  @Mixin private Output output = new Output();
  @Mixin private DataOptions data = new DataOptions();
  @Mixin private LoopOptions loop = new LoopOptions();

  @Option(
      names = "--dataset",
      paramLabel = "NAME",
      defaultValue = "strokes",
      description = "Name of the data set; default ${DEFAULT-VALUE}.")
  private String dataset = "strokes";

  @Option(
      names = "--architecture",
      paramLabel = "NAME",
      defaultValue = Architectures.DEFAULT,
      description = "Networks of experts and gate; default ${DEFAULT-VALUE}.")
  private String architecture = Architectures.DEFAULT;

  @Option(names = "--experts", paramLabel = "M", description = "Number of experts; default 5.")
  private @Nullable Integer experts;

  @Option(
      names = "--gate",
      paramLabel = "KIND",
      defaultValue = "attentive",
      description = "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
  private GateKind gate = GateKind.ATTENTIVE;

  @Option(
      names = "--serve",
      paramLabel = "RULE",
      converter = RuleConverter.class,
      description = "The rule to be served: dense or top-K; default top-1 for a softmax gate.")
  private @Nullable RoutingRule serving;

  @Option(names = "--importance", paramLabel = "W", description = "Weight of L_importance.")
  private @Nullable Double importance;

  @Option(names = "--beta-same", paramLabel = "B", description = "Weight beta_s of L_s.")
  private @Nullable Double betaSame;

  @Option(names = "--beta-different", paramLabel = "B", description = "Weight beta_d of L_s.")
  private @Nullable Double betaDifferent;

  @Option(
      names = "--out",
      paramLabel = "RUN",
      required = true,
      description = "The run folder to make.")
  private Path out = Path.of("");

  @Override
  public Integer call() throws IOException {
    TrainConfig config = config();
    RunFolder.requireFree(out);
    DataSet rows = DataSets.load(dataset, data.dataDir);
    try (Reporting reporting = new Reporting("train", output)) {
      RunFolder folder = new Trainer(Clock.systemUTC(), reporting).train(config, rows);
      RunSummary summary = RunSummary.of(folder, rows.families());
      summary.lines().forEach(output::text);
      output.text("run folder: " + folder.path());
      output.result(summary);
    }
    return ExitCode.OK;
  }

  private TrainConfig config() {
    Run.Training defaults = TrainConfig.defaultTraining(gate);
    Run.Training training =
        loop.over(
            defaults.regularised(
                LoopOptions.or(importance, defaults.importance()),
                LoopOptions.or(betaSame, defaults.betaSame()),
                LoopOptions.or(betaDifferent, defaults.betaDifferent())));
    return new TrainConfig(
        dataset,
        data.dataDir,
        architecture,
        LoopOptions.or(experts, gate == GateKind.NONE ? 1 : 5),
        gate,
        LoopOptions.or(serving, gate.serving(training.rule())),
        training,
        out);
  }
}
