package dev.gatehouse.engine.pipeline;

import dev.gatehouse.engine.runtime.PinnedRows;
import dev.gatehouse.engine.schedule.Costs;
import dev.gatehouse.proto.bundle.Manifest;
import java.util.List;

/**
 * The memory that one batch needs on its way through the stages.
 *
 * @param in the batch, raw values
 * @param gathered the rows of one expert
 * @param gate the gate's probabilities
 * @param answers class probabilities, of one expert or of all rows
 * @param pairs class probabilities of each row's experts, until they are combined
 */
record Lane(
    PinnedRows in, PinnedRows gathered, PinnedRows gate, PinnedRows answers, ReusedArray pairs)
    implements AutoCloseable {
  /** Elements over which a lane is not kept: 16 MiB. */
  private static final int KEPT = 1 << 22;

  static Lane of(Manifest manifest) {
    String input = manifest.input().name();
    List<Integer> row = manifest.input().shape().dims();
    return new Lane(
        new PinnedRows(input, row),
        new PinnedRows(input, row),
        new PinnedRows(Manifest.GATE_PROBABILITIES, List.of(manifest.experts())),
        new PinnedRows(Manifest.PROBABILITIES, List.of(manifest.classes().size())),
        new ReusedArray());
  }

  /**
   * A lane with a batch of {@link Costs#BATCH} rows of zeros, or of the least value that the input
   * takes: the time of these graphs does not depend on values.
   */
  static Lane forTiming(Manifest manifest) {
    Lane lane = of(manifest);
    lane.in.reserve(Costs.BATCH);
    lane.gate.reserve(Costs.BATCH);
    lane.answers.reserve(Costs.BATCH);
    float least = (float) Math.max(0, manifest.input().min());
    for (int i = 0; i < lane.in.values().capacity(); i++) {
      lane.in.values().put(i, least);
    }
    return lane;
  }

  /** False once an unusually large batch went through. */
  boolean isWorthKeeping() {
    long held = elements(in) + elements(gathered) + elements(gate) + elements(answers);
    return held + pairs.length() <= KEPT;
  }

  private static long elements(PinnedRows rows) {
    return (long) rows.capacity() * rows.rowLength();
  }

  @Override
  public void close() {
    in.close();
    gathered.close();
    gate.close();
    answers.close();
  }
}
