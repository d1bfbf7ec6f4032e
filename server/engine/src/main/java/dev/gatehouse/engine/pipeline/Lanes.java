package dev.gatehouse.engine.pipeline;

import dev.gatehouse.proto.bundle.Manifest;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.jspecify.annotations.Nullable;

/** Lends lanes; there are as many as batches were ever under way at once. Thread-safe. */
final class Lanes implements AutoCloseable {
  private final Manifest manifest;
  private final ConcurrentLinkedDeque<Lane> idle = new ConcurrentLinkedDeque<>();
  private volatile boolean closed;

  Lanes(Manifest manifest) {
    this.manifest = manifest;
  }

  /** A lane for one batch; to be given back. */
  Lane lend() {
    Lane lane = idle.pollFirst();
    return lane == null ? Lane.of(manifest) : lane;
  }

  /** Takes back a lane; null, where none could be made, is nothing. */
  void giveBack(@Nullable Lane lane) {
    if (lane == null) {
      return;
    }
    if (lane.isWorthKeeping()) {
      idle.addFirst(lane);
    } else {
      lane.close();
    }
    // It may have been lent when the others were freed.
    if (closed) {
      close();
    }
  }

  /** Frees the lanes; one that is given back later is freed then. */
  @Override
  public void close() {
    closed = true;
    for (Lane lane = idle.pollFirst(); lane != null; lane = idle.pollFirst()) {
      lane.close();
    }
  }
}
