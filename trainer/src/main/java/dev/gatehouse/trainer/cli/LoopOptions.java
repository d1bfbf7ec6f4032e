package dev.gatehouse.trainer.cli;

import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.run.Training;
import dev.gatehouse.trainer.config.Settings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The loop's numbers that training and distillation share; what is not given keeps its default. */
final class LoopOptions {
  @Option(
      names = "--rule",
      paramLabel = "RULE",
      converter = RuleConverter.class,
      description = "The mixture's output while it trains: dense (the default) or top-K.")
  private @Nullable RoutingRule rule;

  @Option(
      names = "--loss",
      paramLabel = "LOSS",
      description = "${COMPLETION-CANDIDATES}; default cross_entropy.")
  private Training.@Nullable Loss loss;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      description = "Divides the gate's logits; default 1. May be a schedule.")
  private @Nullable String temperature;

  @Option(names = "--epochs", paramLabel = "N", description = "Passes over the training rows.")
  private @Nullable Integer epochs;

  @Option(names = "--batch", paramLabel = "ROWS", description = "Rows a step.")
  private @Nullable Integer batch;

  @Option(
      names = "--learning-rate",
      paramLabel = "X",
      description =
          "Adam's step size. A schedule is a number, FROM..TO (a line), 'cosine FROM..TO', or"
              + " stages 'A|B|C' of equal length.")
  private @Nullable String learningRate;

  @Option(
      names = "--gate-learning-rate",
      paramLabel = "X",
      description = "The gate's own step size; default the same. May be a schedule.")
  private @Nullable String gateLearningRate;

  @Option(names = "--weight-decay", paramLabel = "X", description = "L2 added to the gradient.")
  private @Nullable Double weightDecay;

  @Option(
      names = "--clip",
      paramLabel = "X",
      description = "Largest norm of the gradient; default 0, no limit.")
  private @Nullable Double clip;

  @Option(
      names = "--patience",
      paramLabel = "N",
      description =
          "Stop after N epochs without a smaller held-out error as served; default 0, never.")
  private @Nullable Integer patience;

  @Option(
      names = "--keep",
      paramLabel = "EPOCH",
      description =
          "Whose weights become the model: ${COMPLETION-CANDIDATES} (least held-out error as served);"
              + " default last.")
  private Training.Stopping.@Nullable Keep keep;

  @Option(
      names = "--augment",
      paramLabel = "HOW",
      arity = "0..1",
      fallbackValue = "true",
      description =
          "Alter images at random: flip, shift:PIXELS, or both as flip,shift:PIXELS; without a value"
              + " flip,shift:4.")
  private @Nullable String augment;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Seed of initialisation, order, noise and augmentation; default 1.")
  private @Nullable Long seed;

  /** {@code settings} with what was given on the command line over them. */
  Settings over(Settings settings) {
    return new Given(settings)
        .put("training.rule", rule)
        .put("training.loss", loss)
        .put("training.temperature", temperature)
        .put("training.epochs", epochs)
        .put("training.batch", batch)
        .put("training.optimizer.learning_rate", learningRate)
        .put("training.optimizer.gate_learning_rate", gateLearningRate)
        .put("training.optimizer.weight_decay", weightDecay)
        .put("training.optimizer.clip", clip)
        .put("training.stopping.patience", patience)
        .put("training.stopping.keep", keep)
        .put("training.augment", augment)
        .put("training.seed", seed)
        .settings();
  }
}
