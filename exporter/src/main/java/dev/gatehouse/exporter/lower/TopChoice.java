package dev.gatehouse.exporter.lower;

import dev.gatehouse.exporter.graph.IndexOps;
import dev.gatehouse.exporter.graph.Value;

/**
 * The k experts that answer a row under a top-k rule, in k slots by falling gate probability.
 *
 * @param indices {@code [N, k]} INT64
 * @param weights {@code [N, k]} the chosen probabilities over their sum
 */
record TopChoice(Value indices, Value weights) {

  /** The choice of gate probabilities {@code [N, M]}. */
  static TopChoice of(ModelGraph to, Value gate, int k) {
    IndexOps.Top top = to.indices().topK("routing/top", gate, k);
    Value kept = to.arithmetic().sumKeeping("routing/kept", top.values(), 1);
    return new TopChoice(
        top.indices(), to.arithmetic().divide("routing/weights", top.values(), kept));
  }

  /**
   * y = sum over slots of weight times answer, by falling weight; with one slot the answer itself.
   *
   * @param slots {@code [N, k, C]} answers of the chosen experts
   * @return {@code [N, C]}
   */
  Value combined(ModelGraph to, Value slots) {
    if (slots.size(1) == 1) {
      return to.shapes().squeeze("combine/only_slot", slots, 1);
    }
    Value perSlot = to.shapes().unsqueeze("combine/slot_weights", weights, 2);
    return to.arithmetic()
        .sum("combine/sum", to.arithmetic().multiply("combine/weighted", slots, perSlot), 1);
  }
}
