package dev.gatehouse.engine.gate;

import dev.gatehouse.engine.runtime.Session;
import dev.gatehouse.engine.runtime.Target;
import dev.gatehouse.engine.tensor.BufferPool;
import dev.gatehouse.engine.tensor.Routing;
import dev.gatehouse.engine.tensor.Rows;
import dev.gatehouse.proto.bundle.Manifest;
import dev.gatehouse.proto.network.RoutingRule;
import java.util.List;

/** The gate's graph, and the rule that makes a routing of what it says. Thread-safe. */
public final class Gate implements AutoCloseable {
  private final Session session;
  private final int experts;
  private final RoutingRule rule;
  private final BufferPool buffers;

  /**
   * Takes ownership of {@code session}.
   *
   * @param session rows to {@code gate_probabilities} [rows, experts]
   * @param experts number of experts, M
   * @param rule which experts answer
   * @param buffers lends the buffers of a run
   */
  public Gate(Session session, int experts, RoutingRule rule, BufferPool buffers) {
    this.session = session;
    this.experts = experts;
    this.rule = rule;
    this.buffers = buffers;
  }

  /** Routes {@code rows}, 1 or more. */
  public Routing route(Rows rows) {
    float[] probabilities = new float[rows.count() * experts];
    try (BufferPool.Loan out = buffers.lend(probabilities.length)) {
      session.run(
          rows.values(),
          rows.count(),
          List.of(
              new Target.Floats(Manifest.GATE_PROBABILITIES, out.values(), rows.count(), experts)));
      out.values().get(0, probabilities);
    }
    return Choice.choose(rule, rows.count(), experts, probabilities);
  }

  @Override
  public void close() {
    session.close();
  }
}
