package dev.gatehouse.engine.gate;

import dev.gatehouse.engine.runtime.PinnedRows;
import dev.gatehouse.engine.runtime.Session;

/** The gate's graph. Thread-safe. */
public final class Gate implements AutoCloseable {
  private final Session session;
  private final int experts;

  /**
   * Takes ownership of {@code session}.
   *
   * @param session rows to {@code gate_probabilities} [rows, experts]
   * @param experts number of experts, M
   */
  public Gate(Session session, int experts) {
    this.session = session;
    this.experts = experts;
  }

  /**
   * Weighs the experts for the first {@code rows} rows of {@code in}, 1 or more.
   *
   * @param out memory for {@code gate_probabilities} [rows, experts]
   * @return {@code [rows, experts]}
   */
  public float[] probabilities(PinnedRows in, int rows, PinnedRows out) {
    run(in, rows, out);
    float[] probabilities = new float[rows * experts];
    out.values().get(0, probabilities);
    return probabilities;
  }

  /** Only runs the graph: {@code gate_probabilities} of the first {@code rows} into {@code out}. */
  public void run(PinnedRows in, int rows, PinnedRows out) {
    out.reserve(rows);
    session.run(in, rows, out);
  }

  /** True when its input is UINT8. */
  public boolean takesBytes() {
    return session.takesBytes();
  }

  @Override
  public void close() {
    session.close();
  }
}
