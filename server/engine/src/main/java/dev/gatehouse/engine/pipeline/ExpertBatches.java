package dev.gatehouse.engine.pipeline;

import dev.gatehouse.engine.dispatch.ExpertQueues;
import dev.gatehouse.engine.pipeline.Arrivals.Arrival;
import dev.gatehouse.engine.runtime.PinnedRows;
import dev.gatehouse.engine.schedule.Costs;
import dev.gatehouse.engine.schedule.RunCost;
import dev.gatehouse.engine.schedule.Workers;
import dev.gatehouse.engine.tensor.Prediction;
import dev.gatehouse.engine.tensor.Routing;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
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
  private static final long DROP_EVERY = TimeUnit.MILLISECONDS.toNanos(20);

  /** In so many turns of a worker all that waits would be computed; see {@link #turn}. */
  private static final int TURNS_TO_CLEAR = 4;

  /** What a turn of several runs takes at most, but for the last: answers do not wait for long. */
  private static final double LONGEST_TURN = TimeUnit.MILLISECONDS.toNanos(1);

  private final AtomicLong lastDrop = new AtomicLong(System.nanoTime() - DROP_EVERY);
  private final Workers workers;
  private final SparseInference stages;
  private final InputCheck check;
  private final Lanes lanes;
  private final BatchLimits limits;

  private final Costs costs;
  private final RunCost gateRun;
  private final RunCost expertRun;
  private final int gateRowsARun;
  private final int expertRowsARun;
  private final BiConsumer<Call, Prediction> answered;
  private final Arrivals arrivals;
  private final ExpertQueues<Piece> queues;

  /** Rows that an expert, which is kept in memory for them, computes together. */
  private record Run(int expert, List<Piece> pieces) {}

  private record Piece(Ticket ticket, int index) {
    RoutedRows routed() {
      return ticket.routed();
    }
  }

  /**
   * Empty queues.
   *
   * @param answered hears of each call that the chosen experts answered
   */
  ExpertBatches(
      Workers workers,
      SparseInference stages,
      InputCheck check,
      Lanes lanes,
      BatchLimits limits,
      Costs costs,
      BiConsumer<Call, Prediction> answered) {
    this.workers = workers;
    this.stages = stages;
    this.check = check;
    this.lanes = lanes;
    this.limits = limits;
    this.costs = costs;
    this.gateRun = costs.gate();
    this.expertRun = costs.expert();
    this.gateRowsARun = limits.rowsARun(gateRun);
    this.expertRowsARun = limits.rowsARun(expertRun);
    this.answered = answered;
    this.arrivals = new Arrivals(limits);
    this.queues = new ExpertQueues<>(stages.experts().size());
    stages.experts().onChange(() -> workers.change(() -> {}));
    stages.experts().onLoad(this::isWaitedFor);
  }

  @Override
  public boolean add(Call call) {
    Arrival arrival = Arrival.now(call, limits.maxWait());
    if (workers.offer(() -> arrivals.add(arrival))) {
      return true;
    }
    // Rows whose expert is not there yet may have been given up long ago.
    return isTimeToDrop() && dropGivenUp() && workers.offer(() -> arrivals.add(arrival));
  }

  @Override
  public int waitingRows() {
    return workers.ask(arrivals::waitingRows);
  }

  @Override
  public @Nullable Runnable take(long now, int free) {
    int expert = nextExpert(now);
    if (gateIsNext(expert, now)) {
      int share = gateRun.share(arrivals.queuedRows(), free);
      List<Arrival> arrived = arrivals.take(Math.min(gateRowsARun, share));
      return () -> route(arrived);
    }
    int atLeast = queues.size() / (TURNS_TO_CLEAR * workers.size());
    Run run = run(expert, free);
    return run == null ? null : () -> turn(run, atLeast);
  }

  private int nextExpert(long now) {
    return queues.next(now, stages.experts()::isReady);
  }

  private boolean gateIsNext(int expert, long now) {
    int queued = arrivals.queuedRows();
    return queued > 0 && (expert == ExpertQueues.NONE || gateGoesBefore(expert, queued, now));
  }

  /**
   * Whether rows that came are routed before an expert runs. A gate dearer than an expert waits its
   * turn: it would run for each row that comes while experts compute.
   *
   * <p>Another goes first where that pays: the rows that join the expert's are spared a run of
   * their own, and each does so with the share of all queued rows that wait for this expert; but
   * routed later they share a run of the gate with those that come meanwhile. With many experts and
   * few rows hardly any row finds another of its expert, and the gate is not small.
   */
  private boolean gateGoesBefore(int expert, int queued, long now) {
    if (costs.gateRowInBatch() > costs.expertRowInBatch()) {
      return queues.goesBefore(expert, queued, arrivals.due(), now);
    }
    double joining = (double) queued * queues.size(expert) / queues.size();
    return joining * costs.savedByBatching() >= costs.savedByGateBatching()
        || arrivals.due() - now <= 0;
  }

  @Override
  public boolean holdsWork() {
    return arrivals.queuedRows() > 0 || queues.size() > 0;
  }

  /** A look at all that waits is dear, so that it is not for every call that is refused. */
  private boolean isTimeToDrop() {
    long now = System.nanoTime();
    long last = lastDrop.get();
    return now - last >= DROP_EVERY && lastDrop.compareAndSet(last, now);
  }

  /** Ends the calls that nobody waits for any more; false where there was none. */
  private boolean dropGivenUp() {
    List<Piece> dropped = new ArrayList<>();
    workers.change(
        () -> {
          for (int e = 0; e < stages.experts().size(); e++) {
            queues.removeIf(e, ExpertBatches::isGivenUp, dropped);
          }
        });
    end(dropped);
    return !dropped.isEmpty();
  }

  /** Whether an expert is worth loading; ends those calls for which it is not. */
  private boolean isWaitedFor(int expert) {
    List<Piece> dropped = new ArrayList<>();
    // Whoever waits for the end of all work may find it here.
    workers.change(() -> queues.removeIf(expert, ExpertBatches::isGivenUp, dropped));
    end(dropped);
    return workers.ask(() -> queues.size(expert)) > 0;
  }

  /** True where nobody waits for the answer any more. */
  private static boolean isGivenUp(Piece piece) {
    Ticket ticket = piece.ticket();
    if (!ticket.hasGivenUp() && !ticket.call().isWaiting()) {
      ticket.giveUp(Call::dropped);
    }
    return ticket.hasGivenUp();
  }

  /** One run of the gate; its rows go to the experts' queues. */
  private void route(List<Arrival> arrived) {
    int rows = arrived.stream().mapToInt(Arrival::rows).sum();
    Batch batch = new Batch();
    List<Long> dues = new ArrayList<>();
    List<Ticket> tickets = new ArrayList<>();
    // The batch ends those that it does not take.
    List<Call> waiting = arrived.stream().map(Arrival::call).toList();
    @Nullable Lane lane = null;
    try {
      lane = lanes.lend();
      lane.in().reserve(rows);
      for (Arrival arrival : arrived) {
        int before = batch.calls().size();
        batch.add(arrival.call(), lane, check);
        if (batch.calls().size() > before) {
          dues.add(arrival.due());
        }
      }
      waiting = batch.calls();
      if (batch.rows() > 0) {
        float[] all = stages.gateProbabilities(lane, batch.rows());
        int experts = stages.experts().size();
        int from = 0;
        for (int i = 0; i < dues.size(); i++) {
          Call call = batch.calls().get(i);
          int count = call.rows().count();
          float[] own = Arrays.copyOfRange(all, from * experts, (from + count) * experts);
          tickets.add(new Ticket(call, stages.routed(count, own, float[]::new), dues.get(i)));
          from += count;
        }
      }
    } catch (RuntimeException | Error e) {
      workers.update(() -> arrivals.leave(rows));
      waiting.forEach(call -> call.failed(e));
      return;
    } finally {
      lanes.giveBack(lane);
    }
    queue(tickets, rows - batch.rows());
  }

  private void queue(List<Ticket> tickets, int rowsThatEnded) {
    workers.change(
        () -> {
          arrivals.leave(rowsThatEnded);
          for (Ticket ticket : tickets) {
            for (int piece = 0; piece < ticket.routed().pieces(); piece++) {
              queue(ticket.routed().first(piece), new Piece(ticket, piece));
            }
          }
        });
  }

  /** A piece waits for an expert, which is loaded from now on where it is not in memory. */
  private void queue(int expert, Piece piece) {
    queues.add(expert, piece, piece.ticket().due());
    stages.experts().isReady(expert);
  }

  /**
   * The rows of an expert that go next; null for no expert, or one that was evicted since.
   *
   * @param free workers that share all rows that wait
   */
  private @Nullable Run run(int expert, int free) {
    // When it is there again, workers hear of it.
    if (expert == ExpertQueues.NONE || !stages.experts().keep(expert)) {
      return null;
    }
    List<Piece> taken = new ArrayList<>();
    queues.take(expert, Math.min(expertRowsARun, share(expert, free)), taken);
    return new Run(expert, taken);
  }

  /** How many rows of an expert one worker runs: others have its share, or other experts'. */
  private int share(int expert, int free) {
    int rows = queues.size(expert);
    int total = queues.size();
    return expertRun.share(rows, (free * rows + total - 1) / total);
  }

  private @Nullable Run nextRun() {
    long now = System.nanoTime();
    int expert = nextExpert(now);
    return gateIsNext(expert, now) ? null : run(expert, 1);
  }

  /**
   * Runs of experts, whose answers go out together: each answer that goes alone wakes a thread that
   * reads it, and the call that comes upon it wakes a worker. Where many rows wait that is a small
   * part of their wait, and where few do a turn is one run, as it is for experts that take long.
   *
   * @param atLeast rows after which the turn is over
   */
  private void turn(Run first, int atLeast) {
    List<Piece> done = new ArrayList<>();
    try {
      int rows = 0;
      double nanos = 0;
      Run run = first;
      while (run != null) {
        rows += run.pieces().size();
        nanos += expertRun.of(run.pieces().size());
        compute(run, done);
        run = rows < atLeast && nanos < LONGEST_TURN ? workers.ask(this::nextRun) : null;
      }
    } finally {
      end(done);
    }
  }

  /**
   * One run of an expert over rows of any calls; those that need another expert wait for it.
   *
   * @param done gets the others
   */
  private void compute(Run run, List<Piece> done) {
    try {
      List<Piece> pieces = new ArrayList<>(run.pieces().size());
      for (Piece piece : run.pieces()) {
        (isGivenUp(piece) ? done : pieces).add(piece);
      }
      int[] next = pieces.isEmpty() ? new int[0] : next(run.expert(), pieces);
      boolean goesOn = false;
      for (int i = 0; i < next.length; i++) {
        if (next[i] == Routing.NO_EXPERT) {
          done.add(pieces.get(i));
        } else {
          goesOn = true;
        }
      }
      if (goesOn) {
        workers.change(() -> queueAgain(pieces, next));
      }
    } finally {
      stages.experts().release(run.expert());
    }
  }

  /** The expert that each piece needs next; none where the run failed. */
  private int[] next(int expert, List<Piece> pieces) {
    @Nullable Lane lane = null;
    try {
      lane = lanes.lend();
      return run(expert, pieces, lane);
    } catch (RuntimeException | Error e) {
      pieces.forEach(piece -> piece.ticket().giveUp(call -> call.failed(e)));
      int[] none = new int[pieces.size()];
      Arrays.fill(none, Routing.NO_EXPERT);
      return none;
    } finally {
      lanes.giveBack(lane);
    }
  }

  /** Ends the calls of which no piece is left. */
  private void end(List<Piece> done) {
    List<Ticket> tickets = new ArrayList<>();
    int rows = 0;
    for (Piece piece : done) {
      if (piece.ticket().pieceDone()) {
        tickets.add(piece.ticket());
        rows += piece.routed().rows();
      }
    }
    if (rows > 0) {
      int left = rows;
      workers.update(() -> arrivals.leave(left));
    }
    tickets.forEach(ticket -> ticket.end(answered));
  }

  /** The expert that each piece needs next. */
  private int[] run(int expert, List<Piece> pieces, Lane lane) {
    PinnedRows gathered = lane.gathered();
    int length = gathered.rowLength();
    gathered.reserve(pieces.size());
    for (int i = 0; i < pieces.size(); i++) {
      Piece piece = pieces.get(i);
      int row = piece.routed().row(piece.index());
      piece.ticket().call().rows().write(row, 1, gathered.values(), i * length);
    }
    FloatBuffer answered = stages.experts().run(expert, gathered, pieces.size(), lane.answers());
    int[] next = new int[pieces.size()];
    for (int i = 0; i < next.length; i++) {
      Piece piece = pieces.get(i);
      next[i] = piece.routed().answered(piece.index(), answered, i * lane.answers().rowLength());
    }
    return next;
  }

  private void queueAgain(List<Piece> pieces, int[] next) {
    for (int i = 0; i < next.length; i++) {
      if (next[i] != Routing.NO_EXPERT) {
        queue(next[i], pieces.get(i));
      }
    }
  }
}
