package dev.gatehouse.trainer.model;

import ai.djl.ndarray.NDArray;
import dev.gatehouse.trainer.array.Scaled;

/**
 * No gate, by entropy (arXiv 2302.14703): s_e = -sum_c o_e(x)[c] log2 o_e(x)[c]; p = softmin(s /
 * T), [B, M], without a gradient: an expert that could win rows by being sure would be sure of all.
 */
record EntropyGate() implements Gate {
  @Override
  public GateOutput forward(GateInput input) {
    ExpertAnswers experts = input.needExperts();
    NDArray logits = experts.logits().stopGradient();
    NDArray negative =
        logits.logSoftmax(2).mul(experts.probabilities().stopGradient()).sum(new int[] {2});
    return GateOutput.softmax(Scaled.by(negative, 1 / Math.log(2)), input.pass().temperature())
        .fixed();
  }
}
