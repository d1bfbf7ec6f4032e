package dev.gatehouse.cli.quickstart;

import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.run.Run;
import dev.gatehouse.trainer.config.DistillConfig;
import dev.gatehouse.trainer.config.GateKind;
import dev.gatehouse.trainer.config.TrainConfig;
import java.nio.file.Path;

/** The three trainings of a quickstart, of one seed. */
final class Recipe {
  private final QuickstartOptions options;
  private final int number;

  /** The trainings of the {@code number}th quickstart. */
  Recipe(QuickstartOptions options, int number) {
    this.options = options;
    this.number = number;
  }

  /** One network of an expert's architecture, alone. */
  TrainConfig single() {
    return train("single", 1, GateKind.NONE);
  }

  /** The mixture under the attentive gate. */
  TrainConfig mixture() {
    return train("attentive", options.experts(), GateKind.ATTENTIVE);
  }

  /** The mixture's experts under a plain gate, one expert a row. */
  DistillConfig distilled() {
    return new DistillConfig(
        options.run(number, "attentive"),
        options.dataDir(),
        new RoutingRule.TopK(1),
        seeded(DistillConfig.defaultTraining()),
        options.run(number, "distilled"));
  }

  private TrainConfig train(String part, int experts, GateKind gate) {
    Path out = options.run(number, part);
    return new TrainConfig(
        options.dataset(),
        options.dataDir(),
        options.architecture(),
        experts,
        gate,
        new RoutingRule.Dense(),
        seeded(TrainConfig.defaultTraining(gate)),
        out);
  }

  private Run.Training seeded(Run.Training defaults) {
    Integer epochs = options.epochs();
    return new Run.Training(
        defaults.rule(),
        epochs == null ? defaults.epochs() : epochs,
        defaults.batch(),
        defaults.learningRate(),
        defaults.weightDecay(),
        defaults.importance(),
        defaults.betaSame(),
        defaults.betaDifferent(),
        defaults.match(),
        options.seed());
  }
}
