package dev.gatehouse.engine.pipeline;

import dev.gatehouse.engine.runtime.OnnxRuntime;
import dev.gatehouse.engine.schedule.Costs;
import dev.gatehouse.engine.schedule.Guarded;
import dev.gatehouse.engine.schedule.Policy;
import dev.gatehouse.engine.schedule.RunCost;
import dev.gatehouse.engine.schedule.Workers;
import dev.gatehouse.engine.tensor.Prediction;
import dev.gatehouse.engine.tensor.Routing;
import dev.gatehouse.engine.tensor.RowSource;
import dev.gatehouse.engine.tensor.Rows;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.bundle.Bundle;
import dev.gatehouse.proto.bundle.Manifest;
import dev.gatehouse.proto.bundle.Parity;
import dev.gatehouse.proto.bundle.SelfTest;
import dev.gatehouse.proto.file.Safetensors;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A model bundle, ready to predict in the caller's own process:
 *
 * <pre>{@code
 * try (MoeModel model = MoeModel.open(Path.of("models/digits/1"))) {
 *   Prediction answer = model.predict(Rows.of(1, pixels));
 * }
 * }</pre>
 *
 * <p>A sparse bundle runs the gate and then the experts that its rule chooses alone; a dense one
 * runs all in one session, whoever of them makes the answer.
 *
 * <p>{@link #predict} computes on the caller's thread; {@link #submit} computes rows of different
 * callers together where that is faster, and has all workers that are free share those of one call.
 * Thread-safe: any number of threads may call both at the same time, and {@link #close()} waits for
 * the calls under way.
 */
public final class MoeModel implements AutoCloseable {
  /** A millisecond: many times a hop to another thread, little beside a request's deadline. */
  private static final double SHORT_NANOS = 1e6;

  private final Bundle bundle;
  private final Tuning tuning;
  private final Costs costs;
  private final Policy policy;
  private final boolean mayRunHere;
  private final RunCost callCost;
  private final InputCheck check;
  private final Lanes lanes;
  private final Inference inference;
  private final DirectRun direct;
  private final EngineOptions options;
  private final BatchLimits limits;
  private final @Nullable BatchQueue queue;
  private final Uses uses = new Uses(this::free);

  private MoeModel(Bundle bundle, Tuning tuning, Inference inference, EngineOptions options) {
    this.bundle = bundle;
    this.tuning = tuning;
    this.inference = inference;
    this.options = options;
    this.limits = options.limits().forRowsOf(bundle.manifest().input().shape().elements());
    this.check = new InputCheck(bundle.manifest().input(), inference.takesBytes());
    this.lanes = new Lanes(bundle.manifest());
    this.direct = new DirectRun(inference, check, lanes, limits.maxBatch(), this::heard);
    try (Lane lane = Lane.forTiming(bundle.manifest())) {
      this.costs = inference.costs(lane);
    }
    boolean sparse = inference instanceof SparseInference;
    Policy wanted = options.policy();
    boolean loadsExperts =
        inference instanceof SparseInference stages && !stages.experts().holdsAll();
    // A row whose expert is to be loaded first must not hold up an event loop.
    this.policy =
        loadsExperts
            ? Policy.PER_EXPERT
            : wanted == null ? Policy.of(costs, sparse, rowsAnExpert()) : wanted;
    this.mayRunHere = !loadsExperts;
    this.callCost = callCost();
    this.queue = options.workers() == null ? null : queue(options.workers());
    if (options.workers() != null && queue != null) {
      options.workers().add(queue);
    }
  }

  /** A call's rows, alone; batched per expert, few of them have an expert in common. */
  private RunCost callCost() {
    RunCost whole = costs.whole(inference.expertsARow());
    return policy == Policy.PER_EXPERT ? new RunCost(whole.row(), whole.row()) : whole;
  }

  /** Rows that a full batch over all calls brings each expert. */
  private double rowsAnExpert() {
    return limits.maxBatch() * inference.expertsARow() / bundle.manifest().experts();
  }

  private @Nullable BatchQueue queue(Workers workers) {
    return switch (policy) {
      // What is too large for a turn of an event loop goes to workers as well.
      case PER_TICK, PER_MODEL -> new ModelBatches(workers, limits, callCost, direct::answer);
      case PER_EXPERT -> {
        if (!(inference instanceof SparseInference sparse)) {
          throw new BadInput(
              bundle.path() + ": every row runs every expert, so there is no batch per expert");
        }
        yield new ExpertBatches(workers, sparse, check, lanes, limits, costs, this::answered);
      }
    };
  }

  /**
   * Opens a bundle with default options, under which the same machine gives the same bits at every
   * load. With {@link EngineOptions#withMeasuredTuning} graphs are loaded as they run fastest.
   *
   * @throws BadInput as {@link #open(Path, EngineOptions)}
   */
  public static MoeModel open(Path bundle) {
    return open(bundle, EngineOptions.defaults());
  }

  /**
   * Opens a bundle: checks every file's checksum, loads its graphs and times them.
   *
   * @throws BadInput when it is no bundle, is damaged, or a graph cannot be loaded
   */
  public static MoeModel open(Path bundle, EngineOptions options) {
    Bundle opened = Bundle.open(bundle);
    Tuning wanted = options.tuning();
    Tuning tuning = wanted == null ? Tuning.of(opened) : wanted;
    Inference inference =
        switch (opened.manifest().routing()) {
          case SPARSE ->
              SparseInference.open(opened, tuning, options.expertMemory(), options.listener());
          case DENSE -> DenseInference.open(opened, tuning);
        };
    try {
      return new MoeModel(opened, tuning, inference, options);
    } catch (RuntimeException e) {
      inference.close();
      throw e;
    }
  }

  /**
   * Does early what the first model takes once and no option changes, which is most of its opening:
   * reading of JSON, ONNX Runtime's native code. For another thread of a program that has something
   * else to do meanwhile.
   */
  public static void prepare() {
    Bundle.prepare();
    OnnxRuntime.load();
  }

  /** What the bundle says of itself. */
  public Manifest manifest() {
    return bundle.manifest();
  }

  /** How its graphs were loaded. */
  public Tuning tuning() {
    return tuning;
  }

  /** What rows cost on this machine. */
  public Costs costs() {
    return costs;
  }

  /** Which rows are computed together. */
  public Policy policy() {
    return policy;
  }

  /** Experts that are in memory; all where the model is dense. */
  public int residentExperts() {
    return inference instanceof SparseInference stages
        ? stages.experts().resident().length
        : manifest().experts();
  }

  /** Rows that were submitted and wait for workers. */
  public int waitingRows() {
    return queue == null ? 0 : queue.waitingRows();
  }

  /**
   * Predicts, on this thread and at once.
   *
   * @param rows raw values, as a client has them
   * @return the answer to each row, in their order
   * @throws BadInput when rows are of another length, a value is NaN, infinite or outside the
   *     input's range, or the model is closed
   */
  public Prediction predict(RowSource rows) {
    Prediction prediction = answer(rows);
    if (rows.count() > 0) {
      heard(prediction);
    }
    return prediction;
  }

  /**
   * Has a call answered, perhaps together with others, perhaps before this returns.
   *
   * @param call hears of its end once
   * @param tick the event loop whose thread this is; null where it is none
   */
  public void submit(Call call, @Nullable Tick tick) {
    if (!uses.begin()) {
      call.failed(closed());
      return;
    }
    Call counted = new CountedCall(call, uses);
    try {
      check.checkSize(call.rows());
    } catch (RuntimeException e) {
      counted.failed(e);
      return;
    }
    boolean mayRunOnALoop =
        mayRunHere && isShort(call.rows().count()) && !isForSeveral(call.rows().count());
    if (call.rows().count() == 0) {
      counted.answered(empty());
    } else if (queue == null || (tick == null && mayRunOnALoop && isAlone())) {
      direct.answer(List.of(counted));
    } else if (tick != null && mayRunOnALoop && (policy == Policy.PER_TICK || isAlone())) {
      tick.of(this).add(counted);
    } else {
      if (tick != null && policy != Policy.PER_TICK) {
        // The call that was alone when this turn of the loop brought it is so no more.
        tick.of(this).take().forEach(this::enqueue);
      }
      enqueue(counted);
    }
  }

  private void enqueue(Call counted) {
    BatchQueue shared = Objects.requireNonNull(queue);
    if (!shared.add(counted)) {
      counted.failed(
          new Overloaded(
              "%d rows wait for the model %s already; try again later"
                  .formatted(shared.waitingRows(), manifest().name())));
    }
  }

  /** Nothing waits beside the one call that has begun. */
  private boolean isAlone() {
    return policy != Policy.PER_TICK && uses.size() == 1;
  }

  /** A turn of an event loop ends: answers what it brought, on its thread where that is best. */
  void turnEnded(List<Call> calls) {
    if (policy == Policy.PER_TICK || isAlone()) {
      direct.answer(calls);
    } else {
      calls.forEach(this::enqueue);
    }
  }

  /** So few rows that computing them does not hold up a thread that has other calls to read. */
  private boolean isShort(int rows) {
    return callCost.of(rows) < SHORT_NANOS;
  }

  /** So many rows that workers which share them answer sooner. */
  private boolean isForSeveral(int rows) {
    Workers workers = options.workers();
    return workers != null && callCost.parts(rows, workers.size()) > 1;
  }

  private void answered(Call call, Prediction prediction) {
    heard(prediction);
    call.answered(prediction);
  }

  /** Whatever the listener does, the call is answered. */
  private void heard(Prediction prediction) {
    Guarded.run(() -> options.listener().predicted(prediction.routing(), inference.computed()));
  }

  /**
   * Runs the bundle's whole self-test through this engine. The listener does not hear of it.
   *
   * @throws BadInput when the self-test is damaged or was recorded for another model
   */
  public Parity selfTest() {
    SelfTest test = recordedRows();
    Safetensors.Tensor raw = test.rows();
    Rows rows =
        raw.dtype() == Safetensors.DType.U8
            ? Rows.ofUint8(test.size(), raw.data())
            : Rows.ofFp32(test.size(), raw.data());
    Prediction answer = answer(rows);
    Routing routing = answer.routing();
    return test.compare(
        routing.gateProbabilities(), answer.probabilities(), routing.expertIndices());
  }

  /**
   * The self-test's rows, with their true classes and the trained model's own answers.
   *
   * @throws BadInput when the self-test is damaged
   */
  public SelfTest recordedRows() {
    return bundle.selfTest();
  }

  private Prediction answer(RowSource rows) {
    check.checkSize(rows);
    if (!uses.begin()) {
      throw closed();
    }
    try {
      return rows.count() == 0 ? empty() : direct.of(rows);
    } finally {
      uses.end();
    }
  }

  private Prediction empty() {
    Manifest manifest = manifest();
    Routing routing =
        new Routing(
            0, manifest.experts(), manifest.rule().k(), new float[0], new int[0], new float[0]);
    return Prediction.of(0, manifest.classes().size(), new float[0], routing);
  }

  private BadInput closed() {
    return new BadInput("the model " + bundle.manifest().name() + " is closed");
  }

  /** True once it takes no more calls. */
  boolean isClosed() {
    return uses.isClosed();
  }

  /**
   * Takes no more calls, waits for those under way and frees the graphs. A second call waits too,
   * and does nothing else. Not from within {@link Call#answered} and its like, whose call is one of
   * those under way: there, {@link #closeWhenIdle}.
   */
  @Override
  public void close() {
    uses.close();
  }

  /**
   * Takes no more calls and waits for none: whoever ends the last one frees the graphs. A second
   * call does nothing.
   */
  public void closeWhenIdle() {
    uses.closeWhenIdle();
  }

  private void free() {
    if (options.workers() != null && queue != null) {
      options.workers().remove(queue);
    }
    lanes.close();
    inference.close();
  }
}
