package dev.gatehouse.engine.pipeline;

import java.util.IdentityHashMap;
import java.util.concurrent.Executor;

/**
 * One event loop as the engine sees it: what arrives in one of its turns is looked at together when
 * that turn ends. Rows of a cheap model are computed then, on the loop itself; so is the one call
 * of any other model, unless more came. Its owner makes one for each loop.
 *
 * <p>Used by the loop's thread alone.
 */
public final class Tick {
  private final Executor loop;
  private final IdentityHashMap<MoeModel, TickBatch> batches = new IdentityHashMap<>();

  /**
   * A loop.
   *
   * @param loop runs what it is given on the one thread that also calls {@link MoeModel#submit},
   *     after all that arrived before
   */
  public Tick(Executor loop) {
    this.loop = loop;
  }

  /** What waits for {@code model} on this loop. */
  TickBatch of(MoeModel model) {
    TickBatch batch = batches.get(model);
    if (batch == null) {
      batches.keySet().removeIf(MoeModel::isClosed);
      batch = new TickBatch(model, loop);
      batches.put(model, batch);
    }
    return batch;
  }
}
