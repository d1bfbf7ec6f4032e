package dev.gatehouse.exporter.lower;

import dev.gatehouse.exporter.graph.Dim;
import dev.gatehouse.exporter.graph.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The whole model in standard operators, sparse inside: only an expert's own rows pass through it.
 *
 * <ol>
 *   <li>TopK of the gate gives each row k slots: expert and weight.
 *   <li>OneHot of the experts, {@code [M, N, k]}, has a 1 for each pair of row and chosen expert;
 *       NonZero lists the pairs sorted by expert, and its sums over N and k are the experts'
 *       counts.
 *   <li>One Gather brings the rows into that order, one Split gives each expert its rows.
 *   <li>The answers are concatenated and put to their row and slot by one ScatterND, {@code [N, k,
 *       C]}. Each place is written once, so the result does not depend on the order of threads.
 *   <li>y = sum over slots of weight times answer, by falling weight.
 * </ol>
 */
final class SparseMixture {
  private static final Dim PAIRS = Dim.named("pairs");

  private final ModelGraph to;
  private final int k;

  private SparseMixture(ModelGraph to, int k) {
    this.to = to;
    this.k = k;
  }

  static void write(ModelGraph to, int k) {
    new SparseMixture(to, k).write(new GateLowering(to).alone());
  }

  private void write(Value gate) {
    TopChoice choice = TopChoice.of(to, gate, k);
    Value chosen =
        to.indices().oneHotInFront("dispatch/chosen", choice.indices(), to.model().experts());
    Value pairs = to.indices().nonZero("dispatch/pairs", chosen, PAIRS);
    Value counts = to.arithmetic().sum("dispatch/counts", chosen, 1, 2);

    Value slots = slots(expertAnswers(pairs, counts), pairs, choice.indices());
    to.outputs(choice.combined(to, slots), gate, choice.indices(), choice.weights());
  }

  /** {@code [R, C]}, in the order of {@code pairs}. */
  private Value expertAnswers(Value pairs, Value counts) {
    Value rowOfPair = to.indices().gatherRows("dispatch/row", pairs, to.graph().constant(1));
    Deferred all = to.rows(to.model().network());
    Value rows =
        to.indices()
            .gatherRows(
                "dispatch/rows",
                all.value(),
                to.shapes().squeeze("dispatch/row_index", rowOfPair, 0));
    List<Dim> sizes =
        IntStream.range(0, to.model().experts())
            .mapToObj(e -> Dim.named("rows_of_expert_%02d".formatted(e)))
            .toList();
    List<Value> parts = to.shapes().splitRows("dispatch/rows_of_expert", rows, counts, sizes);
    List<Value> answers = new ArrayList<>();
    for (int e = 0; e < parts.size(); e++) {
      answers.add(to.expert(e, all.with(parts.get(e))).probabilities());
    }
    return to.shapes().concatRows("combine/answers", answers, PAIRS);
  }

  /** {@code [N, k, C]}. */
  private Value slots(Value answers, Value pairs, Value expertIndices) {
    Value rowAndSlot =
        to.shapes()
            .transpose(
                "combine/row_and_slot",
                to.indices().gatherRows("combine/places", pairs, to.graph().constant(1, 2)));
    int classes = to.model().classes().size();
    Value batchAndK = to.indices().shape("combine/batch_and_k", expertIndices, 0, 2);
    Value shape =
        to.shapes().concat("combine/shape", List.of(batchAndK, to.graph().constant(classes)), 0);
    Value empty =
        to.indices()
            .filled("combine/empty", shape, List.of(Dim.BATCH, Dim.of(k), Dim.of(classes)), 0);
    return to.indices().scatterPairs("combine/slots", empty, rowAndSlot, answers);
  }
}
