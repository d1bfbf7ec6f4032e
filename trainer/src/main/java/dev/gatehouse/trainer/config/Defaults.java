package dev.gatehouse.trainer.config;

import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.run.Distillation;
import dev.gatehouse.proto.run.Regularizers;
import dev.gatehouse.proto.run.Training;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The numbers of a run that names none. */
public final class Defaults {
  private static final int BATCH = 128;

  private Defaults() {}

  /** Of a training from labels: what measured best on MNIST with five experts. */
  public static Training training(GateKind gate) {
    return Training.plain(5, BATCH, 3e-3, 1)
        .regularizers(Regularizers.importance(hasGate(gate) ? 0.2 : 0));
  }

  /**
   * Of a distillation: the paper's (Adam 1e-3, no weight decay, no regulariser), and beside the
   * labels the teacher's gate probabilities, which the paper does not use; {@code match} 0 leaves
   * them out.
   */
  public static Training distillation() {
    return Training.plain(8, BATCH, 1e-3, 1).distillation(new Distillation(1, 1));
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
}
