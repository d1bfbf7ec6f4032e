package dev.gatehouse.engine.schedule;

import org.jspecify.annotations.Nullable;

/** Where workers find work: one a model. */
public interface WorkSource {
  /**
   * The next piece of work, or null. Called under the workers' lock, so it only picks; the work
   * itself runs outside of it.
   *
   * @param now the time of {@link System#nanoTime()}
   * @param free workers that have nothing to do, the one that asks among them: the next of them
   *     asks as soon as work was taken and more is there
   */
  @Nullable Runnable take(long now, int free);

  /** True while work waits here, even where it cannot be done yet. Called under the same lock. */
  boolean holdsWork();
}
