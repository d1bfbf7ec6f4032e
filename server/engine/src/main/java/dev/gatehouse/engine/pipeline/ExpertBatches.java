package dev.gatehouse.engine.pipeline;

import dev.gatehouse.engine.combine.Combine;
import dev.gatehouse.engine.dispatch.ExpertQueues;
import dev.gatehouse.engine.pipeline.Arrivals.Arrival;
import dev.gatehouse.engine.runtime.PinnedRows;
import dev.gatehouse.engine.schedule.Workers;
import dev.gatehouse.engine.tensor.Prediction;
import dev.gatehouse.engine.tensor.Routing;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gate first, then a batch an expert: calls are routed as they arrive, all that wait in one run of
 * the gate, and their rows queue for their experts, whoever sent them. So an expert's weights are
 * read once for many rows, where a batch over all calls would spread thinly over the experts.
 *
 * <p>The queues are changed under the workers' lock. A row's own memory is its call's until its
 * expert gathers it.
 */
final class ExpertBatches implements BatchQueue {
  private final Workers workers;
  private final SparseInference stages;
  private final InputCheck check;
  private final Lanes lanes;
  private final BatchLimits limits;
  private final Ended ended;
  private final Arrivals arrivals;
  private final ExpertQueues<Pair> queues;

  private record Pair(Ticket ticket, int index) {
    int row() {
      return index / ticket.routing().k();
    }
  }

  /** Hears of calls that were answered. */
  interface Ended {
    /** The rows of {@code prediction} were computed by the chosen experts. */
    void answered(Call call, Prediction prediction);
  }

  ExpertBatches(
      Workers workers,
      SparseInference stages,
      InputCheck check,
      Lanes lanes,
      BatchLimits limits,
      Ended ended) {
    this.workers = workers;
    this.stages = stages;
    this.check = check;
    this.lanes = lanes;
    this.limits = limits;
    this.ended = ended;
    this.arrivals = new Arrivals(limits);
    this.queues = new ExpertQueues<>(stages.experts().size());
    stages.experts().onChange(() -> workers.change(() -> {}));
  }

  @Override
  public boolean add(Call call) {
    Arrival arrival = Arrival.now(call, limits.maxWait());
    return workers.offer(() -> arrivals.add(arrival));
  }

  @Override
  public int waitingRows() {
    return workers.read(arrivals::waitingRows);
  }

  @Override
  public @Nullable Runnable take(long now) {
    List<Arrival> arrived = arrivals.take();
    if (!arrived.isEmpty()) {
      return () -> route(arrived);
    }
    int expert = queues.next(now, stages.experts()::isReady);
    if (expert == ExpertQueues.NONE) {
      return null;
    }
    List<Pair> taken = new ArrayList<>();
    queues.take(expert, limits.maxBatch(), taken);
    return () -> compute(expert, taken);
  }

  /** One run of the gate; its rows go to the experts' queues. */
  private void route(List<Arrival> arrived) {
    int rows = arrived.stream().mapToInt(Arrival::rows).sum();
    Batch batch = new Batch();
    List<Long> dues = new ArrayList<>();
    List<Ticket> tickets = new ArrayList<>();
    Lane lane = lanes.lend();
    try {
      lane.in().reserve(rows);
      for (Arrival arrival : arrived) {
        int before = batch.calls().size();
        batch.add(arrival.call(), lane, check);
        if (batch.calls().size() > before) {
          dues.add(arrival.due());
        }
      }
      if (batch.rows() > 0) {
        Routing all = stages.gate().route(lane.in(), batch.rows(), lane.gate());
        int from = 0;
        for (Call call : batch.calls()) {
          int count = call.rows().count();
          Routing own = count == all.rows() ? all : all.part(from, count);
          tickets.add(Ticket.of(call, own, stages.classes()));
          from += count;
        }
      }
    } catch (RuntimeException | Error e) {
      tickets.clear();
      batch.calls().forEach(call -> call.failed(e));
      batch = new Batch();
    } finally {
      lanes.giveBack(lane);
    }
    queue(tickets, dues, rows - batch.rows());
  }

  private void queue(List<Ticket> tickets, List<Long> dues, int rowsThatEnded) {
    workers.change(
        () -> {
          arrivals.leave(rowsThatEnded);
          for (int i = 0; i < tickets.size(); i++) {
            Ticket ticket = tickets.get(i);
            int[] chosen = ticket.routing().expertIndices();
            for (int pair = 0; pair < chosen.length; pair++) {
              queues.add(chosen[pair], new Pair(ticket, pair), dues.get(i));
            }
          }
        });
  }

  /** One run of an expert over rows of any calls. */
  private void compute(int expert, List<Pair> taken) {
    List<Pair> pairs = new ArrayList<>(taken.size());
    for (Pair pair : taken) {
      Ticket ticket = pair.ticket();
      if (ticket.ended().get()) {
        continue;
      }
      if (ticket.call().isWaiting()) {
        pairs.add(pair);
      } else if (ticket.ended().compareAndSet(false, true)) {
        leave(ticket);
        ticket.call().dropped();
      }
    }
    if (pairs.isEmpty()) {
      return;
    }
    Lane lane = lanes.lend();
    try {
      run(expert, pairs, lane);
    } catch (RuntimeException | Error e) {
      for (Pair pair : pairs) {
        if (pair.ticket().ended().compareAndSet(false, true)) {
          leave(pair.ticket());
          pair.ticket().call().failed(e);
        }
      }
      return;
    } finally {
      lanes.giveBack(lane);
    }
    for (Pair pair : pairs) {
      Ticket ticket = pair.ticket();
      if (ticket.left().decrementAndGet() == 0 && ticket.ended().compareAndSet(false, true)) {
        leave(ticket);
        ended.answered(ticket.call(), combined(ticket));
      }
    }
  }

  private void run(int expert, List<Pair> pairs, Lane lane) {
    PinnedRows gathered = lane.gathered();
    gathered.reserve(pairs.size());
    for (int i = 0; i < pairs.size(); i++) {
      Pair pair = pairs.get(i);
      pair.ticket().call().rows().write(pair.row(), 1, gathered.values(), i * gathered.rowLength());
    }
    FloatBuffer answered = stages.experts().run(expert, gathered, pairs.size(), lane.answers());
    int classes = stages.classes();
    for (int i = 0; i < pairs.size(); i++) {
      Pair pair = pairs.get(i);
      answered.get(i * classes, pair.ticket().answers(), pair.index() * classes, classes);
    }
  }

  private Prediction combined(Ticket ticket) {
    Routing routing = ticket.routing();
    int classes = stages.classes();
    float[] probabilities =
        Combine.combine(
            routing.rows(), routing.k(), routing.expertWeights(), ticket.answers(), classes);
    return Prediction.of(routing.rows(), classes, probabilities, routing);
  }

  private void leave(Ticket ticket) {
    workers.change(() -> arrivals.leave(ticket.routing().rows()));
  }
}
