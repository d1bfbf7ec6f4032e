package dev.gatehouse.trainer.config;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.run.Distillation;
import dev.gatehouse.proto.run.Training;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The distillation of a trained mixture into one with a plain gate.
 *
 * @param teacher run folder of the trained mixture
 * @param dataDir folder of the data set's files; null for an embedded one or the cache
 * @param architecture architecture of the student's gate where the teacher has none to take over;
 *     see {@link Architectures}
 * @param gate kind of the student's gate, softmax or noisy
 * @param serving the rule under which the student is to be served
 * @param training the loop's numbers
 */
public record DistillConfig(
    String teacher,
    @Nullable String dataDir,
    String architecture,
    GateKind gate,
    RoutingRule serving,
    Training training) {
  /** Checks what can be checked before the teacher is read. */
  public DistillConfig {
    Architectures.named(architecture);
    if (gate != GateKind.SOFTMAX && gate != GateKind.NOISY) {
      throw new BadInput("a student's gate is softmax or noisy; gate=" + gate);
    }
    if (training.distillation() == null) {
      throw new BadInput("a distillation needs the numbers of training.distillation");
    }
    if (training.loss() == Training.Loss.EXPERT_LOSS) {
      throw new BadInput("a distillation's loss is cross_entropy or stochastic; loss=expert_loss");
    }
    Effective.requireLoss(training);
  }

  /** This configuration with other numbers for the loop. */
  public DistillConfig training(Training other) {
    return new DistillConfig(teacher, dataDir, architecture, gate, serving, other);
  }

  /** This configuration with a teacher that is found from any folder. */
  public DistillConfig absolute() {
    String whole = Path.of(teacher).toAbsolutePath().normalize().toString();
    return new DistillConfig(whole, dataDir, architecture, gate, serving, training);
  }

  /** The numbers of the distillation. */
  public Distillation distillation() {
    Distillation numbers = training.distillation();
    if (numbers == null) {
      throw new AssertionError("checked when it was made");
    }
    return numbers;
  }
}
