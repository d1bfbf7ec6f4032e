package dev.gatehouse.trainer.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.List;

/**
 * Experts of one architecture, several of them in one operation.
 *
 * @param stacks all experts in order
 */
record StackedExperts(List<NetworkStack> stacks) implements Experts {
  /** Copies the list. */
  StackedExperts {
    stacks = List.copyOf(stacks);
  }

  @Override
  public ExpertAnswers forward(NDArray x, Pass pass) {
    NDList logits = new NDList();
    NDList hidden = new NDList();
    for (NetworkStack stack : stacks) {
      NDArray trunk = stack.trunk(x, pass);
      logits.add(stack.head(trunk));
      hidden.add(stack.tapped(trunk));
    }
    return ExpertAnswers.of(rowsFirst(logits), rowsFirst(hidden));
  }

  /** From [networks n, B] of each stack to [B, M, n]. */
  private NDArray rowsFirst(NDList arrays) {
    NDArray all = FirstAxis.joined(arrays);
    long experts = stacks.stream().mapToLong(NetworkStack::count).sum();
    return all.reshape(experts, -1, RowsLast.rows(all)).transpose(2, 0, 1);
  }
}
