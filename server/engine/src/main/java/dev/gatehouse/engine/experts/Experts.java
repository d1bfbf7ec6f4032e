package dev.gatehouse.engine.experts;

import dev.gatehouse.engine.dispatch.DispatchPlan;
import dev.gatehouse.engine.runtime.PinnedRows;
import dev.gatehouse.engine.runtime.Session;
import java.nio.FloatBuffer;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;

/** A session an expert, all in memory or as many as may be. Thread-safe. */
public final class Experts implements AutoCloseable {
  private final Residency residency;
  private volatile Runnable changed = () -> {};
  private volatile IntPredicate isWaitedFor = e -> true;

  /**
   * Loads experts.
   *
   * @param memory how much they may take
   * @param open loads one: rows to {@code probabilities} [rows, classes]
   * @param listener hears of experts that come and go
   */
  public Experts(ExpertMemory memory, IntFunction<Session> open, ResidencyListener listener) {
    this.residency =
        new Residency(memory, open, listener, () -> changed.run(), e -> isWaitedFor.test(e));
  }

  /** Tells {@code newChanged} from now on when an expert became ready. */
  public void onChange(Runnable newChanged) {
    changed = newChanged;
  }

  /**
   * Asks {@code newIsWaitedFor} from now on whether rows still wait for an expert, before it is
   * loaded; not asked while {@link #run} waits for it.
   */
  public void onLoad(IntPredicate newIsWaitedFor) {
    isWaitedFor = newIsWaitedFor;
  }

  /** Takes an expert's answer to a row. */
  @FunctionalInterface
  public interface Answered {
    /**
     * The answer of one pair of row and expert.
     *
     * @param pair its number in the plan
     * @param values holds {@code classes} probabilities from index {@code at}, until this returns
     */
    void accept(int pair, FloatBuffer values, int at);
  }

  /**
   * Has each expert answer its rows; an expert without rows does not run.
   *
   * @param in the batch
   * @param gathered memory for the rows of one expert
   * @param out memory for the answers of one expert
   * @param answered takes each answer
   */
  public void answer(
      DispatchPlan plan, PinnedRows in, PinnedRows gathered, PinnedRows out, Answered answered) {
    for (int e = 0; e < plan.experts(); e++) {
      int count = plan.count(e);
      if (count > 0) {
        FloatBuffer values = run(e, rowsOf(plan, e, in, gathered), count, out);
        for (int i = 0; i < count; i++) {
          answered.accept(plan.pairAt(plan.offset(e) + i), values, i * out.rowLength());
        }
      }
    }
  }

  /**
   * Has one expert answer the first {@code rows} rows of {@code in}; waits while it is loaded.
   *
   * @param out memory for the answers
   * @return {@code [rows, classes]} from index 0
   */
  public FloatBuffer run(int e, PinnedRows in, int rows, PinnedRows out) {
    return run(e, in, rows, out, rows);
  }

  /** The same for rows that nobody sent: they do not count where the most used experts stay. */
  public FloatBuffer rehearse(int e, PinnedRows in, int rows, PinnedRows out) {
    return run(e, in, rows, out, 0);
  }

  private FloatBuffer run(int e, PinnedRows in, int rows, PinnedRows out, int sent) {
    out.reserve(rows);
    Session session = residency.use(e, sent);
    try {
      session.run(in, rows, out);
    } finally {
      residency.release(e);
    }
    return out.values();
  }

  /** True when expert {@code e} is in memory; else it is loaded from now on. */
  public boolean isReady(int e) {
    return residency.isReady(e);
  }

  /**
   * Keeps expert {@code e} in memory until {@link #release}; false, and nothing to release, where
   * it is to be loaded first, which it is from now on.
   */
  public boolean keep(int e) {
    return residency.keep(e);
  }

  /** Ends {@link #keep}. */
  public void release(int e) {
    residency.release(e);
  }

  /** True when no expert ever has to be loaded. */
  public boolean holdsAll() {
    return residency.holdsAll();
  }

  /** The experts that are in memory, by rising index. */
  public int[] resident() {
    return residency.resident();
  }

  /** Number of experts, M. */
  public int size() {
    return residency.experts();
  }

  @Override
  public void close() {
    residency.close();
  }

  /** The batch itself where all of it is the expert's, else its rows beside one another. */
  private static PinnedRows rowsOf(DispatchPlan plan, int e, PinnedRows in, PinnedRows gathered) {
    int count = plan.count(e);
    if (count == plan.rows()) {
      return in;
    }
    int length = in.rowLength();
    gathered.reserve(count);
    for (int i = 0; i < count; i++) {
      gathered
          .values()
          .put(i * length, in.values(), plan.rowAt(plan.offset(e) + i) * length, length);
    }
    return gathered;
  }
}
