package dev.gatehouse.trainer.cli;

import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.run.Run;
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

  @Option(names = "--epochs", paramLabel = "N", description = "Passes over the training rows.")
  private @Nullable Integer epochs;

  @Option(names = "--batch", paramLabel = "ROWS", description = "Rows a step.")
  private @Nullable Integer batch;

  @Option(names = "--learning-rate", paramLabel = "X", description = "Adam's step size.")
  private @Nullable Double learningRate;

  @Option(names = "--weight-decay", paramLabel = "X", description = "L2 added to the gradient.")
  private @Nullable Double weightDecay;

  @Option(names = "--seed", paramLabel = "N", description = "Seed of initialisation and order.")
  private @Nullable Long seed;

  /** {@code defaults} with what was given on the command line. */
  Run.Training over(Run.Training defaults) {
    return new Run.Training(
        or(rule, defaults.rule()),
        or(epochs, defaults.epochs()),
        or(batch, defaults.batch()),
        or(learningRate, defaults.learningRate()),
        or(weightDecay, defaults.weightDecay()),
        defaults.importance(),
        defaults.betaSame(),
        defaults.betaDifferent(),
        defaults.match(),
        or(seed, defaults.seed()));
  }

  static <T> T or(@Nullable T given, T otherwise) {
    return given == null ? otherwise : given;
  }
}
