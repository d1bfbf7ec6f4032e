package dev.gatehouse.engine.pipeline;

import dev.gatehouse.engine.schedule.RunCost;
import dev.gatehouse.engine.schedule.Workers;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One batch over all calls that wait: for models that run every expert for each row. */
final class ModelBatches implements BatchQueue {
  private final Workers workers;
  private final BatchLimits limits;
  private final RunCost cost;
  private final int rowsARun;
  private final Consumer<List<Call>> answer;
  private final Arrivals arrivals;

  /**
   * An empty queue.
   *
   * @param cost of a run through all stages
   * @param answer computes calls together and ends each
   */
  ModelBatches(Workers workers, BatchLimits limits, RunCost cost, Consumer<List<Call>> answer) {
    this.workers = workers;
    this.limits = limits;
    this.cost = cost;
    this.rowsARun = limits.rowsARun(cost);
    this.answer = answer;
    this.arrivals = new Arrivals(limits);
  }

  @Override
  public boolean add(Call call) {
    Arrivals.Arrival arrival = Arrivals.Arrival.now(call, limits.maxWait());
    return workers.offer(() -> arrivals.add(arrival));
  }

  @Override
  public int waitingRows() {
    return workers.ask(arrivals::waitingRows);
  }

  @Override
  public @Nullable Runnable take(long now, int free) {
    int share = cost.share(arrivals.queuedRows(), free);
    List<Arrivals.Arrival> taken = arrivals.take(Math.min(rowsARun, share));
    if (taken.isEmpty()) {
      return null;
    }
    List<Call> calls = taken.stream().map(Arrivals.Arrival::call).toList();
    // Whoever hears of an answer may send its next rows at once: those that are computed wait no
    // more.
    arrivals.leave(taken.stream().mapToInt(Arrivals.Arrival::rows).sum());
    return () -> answer.accept(calls);
  }

  @Override
  public boolean holdsWork() {
    return arrivals.queuedRows() > 0;
  }
}
