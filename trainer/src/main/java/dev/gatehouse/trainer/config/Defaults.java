package dev.gatehouse.trainer.config;

import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.run.Schedule;
import dev.gatehouse.proto.run.Training;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The numbers of a run that names none. */
public final class Defaults {
  private Defaults() {}

  /** Of a training from labels: what measured best on MNIST with five experts. */
  public static Training training(GateKind gate) {
    return training(
        5,
        Training.Optimizer.of(3e-3),
        Training.Regularizers.importance(hasGate(gate) ? 0.2 : 0),
        null);
  }

  /**
   * Of a distillation: the paper's (Adam 1e-3, no weight decay, no regulariser), and beside the
   * labels the teacher's gate probabilities, which the paper does not use; {@code match} 0 leaves
   * them out.
   */
  public static Training distillation() {
    return training(
        8,
        Training.Optimizer.of(1e-3),
        Training.Regularizers.NONE,
        new Training.Distillation(1, 1));
  }

  /** Five attentive experts of the default architecture, or one expert without a gate. */
  public static TrainConfig train(String dataset, @Nullable Path dataDir, GateKind gate) {
    return new TrainConfig(
        dataset,
        text(dataDir),
        Architectures.DEFAULT,
        null,
        gate == GateKind.NONE ? 1 : 5,
        gate,
        gate.serving(new RoutingRule.Dense()),
        training(gate));
  }

  /** A student that is served with one expert a row. */
  public static DistillConfig distill(Path teacher, @Nullable Path dataDir) {
    return new DistillConfig(
        teacher.toString(),
        text(dataDir),
        Architectures.DEFAULT,
        GateKind.SOFTMAX,
        new RoutingRule.TopK(1),
        distillation());
  }

  private static boolean hasGate(GateKind gate) {
    return gate == GateKind.SOFTMAX || gate == GateKind.ATTENTIVE;
  }

  private static @Nullable String text(@Nullable Path path) {
    return path == null ? null : path.toString();
  }

  private static Training training(
      int epochs,
      Training.Optimizer optimizer,
      Training.Regularizers regularizers,
      Training.@Nullable Distillation distillation) {
    return new Training(
        Training.Loss.CROSS_ENTROPY,
        new RoutingRule.Dense(),
        false,
        Schedule.of(1),
        epochs,
        128,
        1,
        false,
        optimizer,
        regularizers,
        Training.Stopping.NEVER,
        distillation);
  }
}
