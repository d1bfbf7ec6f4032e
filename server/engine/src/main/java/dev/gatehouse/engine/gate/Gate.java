package dev.gatehouse.engine.gate;

import dev.gatehouse.engine.runtime.PinnedRows;
import dev.gatehouse.engine.runtime.Session;
import dev.gatehouse.engine.tensor.Routing;
import dev.gatehouse.proto.network.RoutingRule;

/** The gate's graph, and the rule that makes a routing of what it says. Thread-safe. */
public final class Gate implements AutoCloseable {
  private final Session session;
  private final int experts;
  private final RoutingRule rule;

  /**
   * Takes ownership of {@code session}.
   *
   * @param session rows to {@code gate_probabilities} [rows, experts]
   * @param experts number of experts, M
   * @param rule which experts answer
   */
  public Gate(Session session, int experts, RoutingRule rule) {
    this.session = session;
    this.experts = experts;
    this.rule = rule;
  }

  /**
   * Routes the first {@code rows} rows of {@code in}, 1 or more.
   *
   * @param out memory for {@code gate_probabilities} [rows, experts]
   */
  public Routing route(PinnedRows in, int rows, PinnedRows out) {
    run(in, rows, out);
    float[] probabilities = new float[rows * experts];
    out.values().get(0, probabilities);
    return Choice.choose(rule, rows, experts, probabilities);
  }

  /** Only runs the graph: {@code gate_probabilities} of the first {@code rows} into {@code out}. */
  public void run(PinnedRows in, int rows, PinnedRows out) {
    out.reserve(rows);
    session.run(in, rows, out);
  }

  @Override
  public void close() {
    session.close();
  }
}
