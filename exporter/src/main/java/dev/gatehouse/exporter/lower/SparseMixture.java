package dev.gatehouse.exporter.lower;

import dev.gatehouse.exporter.graph.ArithmeticOps;
import dev.gatehouse.exporter.graph.Dim;
import dev.gatehouse.exporter.graph.Graph;
import dev.gatehouse.exporter.graph.IndexOps;
import dev.gatehouse.exporter.graph.ShapeOps;
import dev.gatehouse.exporter.graph.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
public final class SparseMixture {
  private static final Dim PAIRS = Dim.named("pairs");

  private final Graph graph;
  private final int k;
  private final int classes;
  private final IndexOps indices;
  private final ShapeOps shapes;

  private SparseMixture(Graph graph, int k, int classes) {
    this.graph = graph;
    this.k = k;
    this.classes = classes;
    this.indices = new IndexOps(graph);
    this.shapes = new ShapeOps(graph);
  }

  /** Writes an expert over some rows. */
  @FunctionalInterface
  public interface Experts {
    /**
     * Writes expert {@code e}.
     *
     * @param rows the rows that chose it, {@code [R, shape of a row]}; R may be 0
     * @param counts the number of rows of every expert, {@code [M]} INT64; R is number {@code e}
     * @return its probabilities, {@code [R, C]}
     */
    Value write(int e, Value rows, Value counts);
  }

  static void write(ModelGraph to, int k) {
    Deferred all = to.rows(to.model().network());
    write(
        to.graph(),
        all.value(),
        new GateLowering(to).alone(),
        k,
        to.model().classes().size(),
        (e, rows, counts) -> to.expert(e, all.with(rows)).probabilities());
  }

  /**
   * Writes the mixture and declares the outputs.
   *
   * @param rows {@code [N, shape of a row]}, as the experts take them
   * @param gate {@code [N, M]} probabilities
   * @param classes number of classes, C
   */
  public static void write(
      Graph graph, Value rows, Value gate, int k, int classes, Experts experts) {
    new SparseMixture(graph, k, classes).write(rows, gate, experts);
  }

  private void write(Value rows, Value gate, Experts experts) {
    TopChoice choice = TopChoice.of(graph, gate, k);
    Value chosen = indices.oneHotInFront("dispatch/chosen", choice.indices(), gate.size(1));
    Value pairs = indices.nonZero("dispatch/pairs", chosen, PAIRS);
    Value counts = new ArithmeticOps(graph).sum("dispatch/counts", chosen, 1, 2);

    Value slots = slots(answers(rows, pairs, counts, experts), pairs, choice.indices());
    PortableOutputs.declare(
        graph, choice.combined(slots), gate, choice.indices(), choice.weights());
  }

  /** {@code [R, C]}, in the order of {@code pairs}. */
  private Value answers(Value all, Value pairs, Value counts, Experts experts) {
    Value rowOfPair = indices.gatherRows("dispatch/row", pairs, graph.constant(1));
    Value rows =
        indices.gatherRows(
            "dispatch/rows", all, shapes.squeeze("dispatch/row_index", rowOfPair, 0));
    List<Dim> sizes =
        IntStream.range(0, counts.size(0))
            .mapToObj(e -> Dim.named(String.format(Locale.ROOT, "rows_of_expert_%02d", e)))
            .toList();
    List<Value> parts = shapes.splitRows("dispatch/rows_of_expert", rows, counts, sizes);
    List<Value> answers = new ArrayList<>();
    for (int e = 0; e < parts.size(); e++) {
      answers.add(experts.write(e, parts.get(e), counts));
    }
    return shapes.concatRows("combine/answers", answers, PAIRS);
  }

  /** {@code [N, k, C]}. */
  private Value slots(Value answers, Value pairs, Value expertIndices) {
    Value rowAndSlot =
        shapes.transpose(
            "combine/row_and_slot",
            indices.gatherRows("combine/places", pairs, graph.constant(1, 2)));
    Value batchAndK = indices.shape("combine/batch_and_k", expertIndices, 0, 2);
    Value shape = shapes.concat("combine/shape", List.of(batchAndK, graph.constant(classes)), 0);
    Value empty =
        indices.filled("combine/empty", shape, List.of(Dim.BATCH, Dim.of(k), Dim.of(classes)), 0);
    return indices.scatterPairs("combine/slots", empty, rowAndSlot, answers);
  }
}
