package dev.gatehouse.proto.run;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.OptBoolean;
import dev.gatehouse.proto.BadInput;
import java.util.Objects;

/**
 * How a student follows its teacher.
 *
 * @param match weight of the teacher's gate probabilities beside the labels while the gate trains
 *     alone; 0 for labels alone, as in the paper
 * @param gateShare share of the epochs in which the gate trains alone; afterwards the experts train
 *     too. 1 keeps the experts as they are; the paper's mixtures without a gate take 0.5
 * @param gateStart what the trunk of the student's gate starts from
 */
public record Distillation(
    double match,
    double gateShare,
    @JsonProperty(isRequired = OptBoolean.FALSE) GateStart gateStart) {
  /** What the trunk of a student's gate starts from; its head always starts afresh. */
  public enum GateStart {
    /** The trunk of the teacher's gate, where it has one, as in the paper. */
    TEACHER,
    /**
     * Values at random. An attentive gate may get by without its trunk, which then tells rows apart
     * no more.
     */
    FRESH
  }

  /** Checks each number against its range. */
  public Distillation {
    gateStart = Objects.requireNonNullElse(gateStart, GateStart.TEACHER);
    Training.notNegative("match", match);
    if (!(gateShare >= 0 && gateShare <= 1)) {
      throw new BadInput("gate_share must be in [0, 1]; gate_share=" + gateShare);
    }
  }

  /** The student's gate starts with its teacher's trunk. */
  public Distillation(double match, double gateShare) {
    this(match, gateShare, GateStart.TEACHER);
  }

  /** These numbers with another start of the gate. */
  public Distillation gateStart(GateStart other) {
    return new Distillation(match, gateShare, other);
  }
}
