package dev.gatehouse.trainer.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import java.util.List;

/**
 * Experts asked one after another.
 *
 * @param experts M experts of any kind
 */
record ExpertLoop(List<Expert> experts) implements Experts {
  /** Copies the list. */
  ExpertLoop {
    experts = List.copyOf(experts);
  }

  @Override
  public ExpertAnswers forward(NDArray x, Pass pass) {
    NDList logits = new NDList();
    NDList hidden = new NDList();
    for (Expert expert : experts) {
      ExpertOutput output = expert.forward(x, pass);
      logits.add(output.logits());
      hidden.add(output.hidden());
    }
    return ExpertAnswers.of(NDArrays.stack(logits, 1), NDArrays.stack(hidden, 1));
  }
}
