package dev.gatehouse.cli.quickstart;

import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.run.Run;
import dev.gatehouse.trainer.config.DistillConfig;
import dev.gatehouse.trainer.config.GateKind;
import dev.gatehouse.trainer.config.TrainConfig;

/** The three trainings of a quickstart, of one seed. */
final class Trainings {
  private final QuickstartOptions options;
  private final int number;
  private final Recipe recipe;

  /** The trainings of the {@code number}th quickstart. */
  Trainings(QuickstartOptions options, int number) {
    this.options = options;
    this.number = number;
    this.recipe = Recipe.of(options.dataset()).with(options);
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
        numbers(DistillConfig.defaultTraining(), recipe.distilEpochs()),
        options.run(number, "distilled"));
  }

  private TrainConfig train(String part, int experts, GateKind gate) {
    return new TrainConfig(
        options.dataset(),
        options.dataDir(),
        recipe.architecture(),
        experts,
        gate,
        new RoutingRule.Dense(),
        numbers(TrainConfig.defaultTraining(gate), recipe.epochs()),
        options.run(number, part));
  }

  private Run.Training numbers(Run.Training defaults, int epochs) {
    return new Run.Training(
        defaults.rule(),
        epochs,
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
