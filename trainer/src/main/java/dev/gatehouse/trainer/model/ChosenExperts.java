package dev.gatehouse.trainer.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import java.util.List;

/**
 * Experts of which each row runs only those that a gate chose for it: rows are sorted by expert,
 * every expert answers its own, and the answers go back to their rows. Answers and gradients are
 * those of running every expert on every row, as long as an expert looks at one row at a time; a
 * batch normalisation does not.
 *
 * @param experts all M experts
 */
record ChosenExperts(List<Expert> experts) {
  /** Copies the list. */
  ChosenExperts {
    experts = List.copyOf(experts);
  }

  /**
   * What the chosen experts say.
   *
   * @param x [B, shape of a row] normalised rows
   * @param chosen [B, k] 64-bit experts of each row
   * @return [B, k, C] class probabilities
   */
  NDArray answers(NDArray x, NDArray chosen, Pass pass) {
    long k = chosen.getShape().get(1);
    Dispatch dispatch = Dispatch.of(chosen.toLongArray(), (int) k, experts.size());
    NDManager manager = x.getManager();
    NDArray sorted = x.get(new NDIndex("{}", manager.create(dispatch.rows())));
    NDList logits = new NDList();
    long from = 0;
    for (int e = 0; e < experts.size(); e++) {
      long to = from + dispatch.counts()[e];
      if (to > from) {
        NDArray own = sorted.get(new NDIndex().addSliceDim(from, to));
        logits.add(experts.get(e).forward(own, pass).logits());
      }
      from = to;
    }
    NDArray answers = FirstAxis.joined(logits).softmax(1);
    NDArray bySlot = answers.get(new NDIndex("{}", manager.create(dispatch.places())));
    return bySlot.reshape(-1, k, answers.getShape().get(1));
  }
}
