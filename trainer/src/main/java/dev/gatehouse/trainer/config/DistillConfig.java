package dev.gatehouse.trainer.config;

import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.run.Run;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The distillation of a trained mixture into one with a plain gate.
 *
 * @param teacher run folder of the trained mixture
 * @param dataDir folder of the data set's files; null for an embedded one
 * @param serving the rule under which the student is to be served
 * @param training the loop's numbers
 * @param out the run folder to be made
 */
public record DistillConfig(
    Path teacher, @Nullable Path dataDir, RoutingRule serving, Run.Training training, Path out) {
  /**
   * The paper's numbers (Adam 1e-3, no weight decay, no regulariser), and beside the labels the
   * teacher's gate probabilities, which the paper does not use; {@code match} 0 leaves them out.
   */
  public static Run.Training defaultTraining() {
    return new Run.Training(new RoutingRule.Dense(), 8, 128, 1e-3, 0, 0, 0, 0, 1, 1);
  }

  /** A student that is served with one expert a row. */
  public static DistillConfig defaults(Path teacher, @Nullable Path dataDir, Path out) {
    return new DistillConfig(teacher, dataDir, new RoutingRule.TopK(1), defaultTraining(), out);
  }
}
