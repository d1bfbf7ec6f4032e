package dev.gatehouse.trainer.model;

import ai.djl.ndarray.NDArray;
import dev.gatehouse.trainer.array.Scaled;

/**
 * No gate, by self-information (arXiv 2302.14703): s_e = -log2 o_e(x)[y], plus N(0,1) noise while
 * it trains; p = softmin(s / T), [B, M], without a gradient.
 */
record SelfInformationGate() implements Gate {
  @Override
  public GateOutput forward(GateInput input) {
    NDArray logits = input.needExperts().logits().stopGradient();
    NDArray scores =
        Scaled.by(ExpertScores.logLikelihood(logits, input.needLabels()), 1 / Math.log(2));
    Pass pass = input.pass();
    if (pass.training()) {
      scores = scores.sub(pass.normal(logits.getManager(), scores.getShape()));
    }
    return GateOutput.softmax(scores, pass.temperature()).fixed();
  }
}
