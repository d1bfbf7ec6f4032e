package dev.gatehouse.trainer.loss;

import ai.djl.ndarray.NDArray;
import dev.gatehouse.trainer.array.Scaled;

/**
 * How far a student's gate is from its teacher's: -weight mean_x sum_e q_e log p_e, the
 * cross-entropy of p = softmax(logits) under the teacher's q. The paper distils from labels alone;
 * this is ours.
 *
 * @param weight 0 leaves the teacher's gate out
 */
public record GateMatch(double weight) {
  /**
   * The loss of a batch.
   *
   * @param logits [B, M] of the student's gate
   * @param teacher q [B, M] probabilities of the teacher's gate
   * @return a scalar, nats
   */
  public NDArray of(NDArray logits, NDArray teacher) {
    return Scaled.by(logits.logSoftmax(1).mul(teacher).sum(new int[] {1}), -weight).mean();
  }
}
