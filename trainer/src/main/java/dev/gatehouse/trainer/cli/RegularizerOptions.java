package dev.gatehouse.trainer.cli;

import dev.gatehouse.trainer.config.Settings;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Weights of the terms beside the labels; each may be a schedule. */
final class RegularizerOptions {
  @Option(
      names = "--importance",
      paramLabel = "W",
      description =
          "Weight of L_importance; default 0.2 with a softmax or attentive gate, 0 with --method.")
  private @Nullable String importance;

  @Option(names = "--beta-same", paramLabel = "B", description = "Weight beta_s of L_s.")
  private @Nullable String betaSame;

  @Option(names = "--beta-different", paramLabel = "B", description = "Weight beta_d of L_s.")
  private @Nullable String betaDifferent;

  @Option(
      names = "--distance",
      paramLabel = "RUN",
      description =
          "Single model between whose features L_s measures distances; default: between pixels.")
  private @Nullable Path distance;

  @Option(
      names = "--authors-scaling",
      description = "Scale L_s as the authors' code does, so that their betas apply.")
  private @Nullable Boolean authorsScaling;

  @Option(
      names = "--load-balance",
      paramLabel = "W",
      description = "Weight of the load-balance loss of arXiv 2101.03961.")
  private @Nullable String loadBalance;

  @Option(
      names = "--z-loss",
      paramLabel = "W",
      description = "Weight of the router z-loss of arXiv 2202.08906.")
  private @Nullable String zLoss;

  /** {@code settings} with what was given on the command line over them. */
  Settings over(Settings settings) {
    return new Given(settings)
        .put("training.regularizers.importance", importance)
        .put("training.regularizers.beta_same", betaSame)
        .put("training.regularizers.beta_different", betaDifferent)
        .put("training.regularizers.distance", distance == null ? null : distance.toString())
        .put("training.regularizers.authors_scaling", authorsScaling)
        .put("training.regularizers.load_balance", loadBalance)
        .put("training.regularizers.z_loss", zLoss)
        .settings();
  }
}
