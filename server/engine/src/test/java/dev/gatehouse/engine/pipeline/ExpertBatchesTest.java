package dev.gatehouse.engine.pipeline;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.engine.experts.ExpertMemory;
import dev.gatehouse.engine.experts.ResidencyListener;
import dev.gatehouse.engine.schedule.Costs;
import dev.gatehouse.engine.schedule.Workers;
import dev.gatehouse.engine.tensor.RowSource;
import dev.gatehouse.engine.testing.Bundles;
import dev.gatehouse.engine.testing.PendingCall;
import dev.gatehouse.proto.bundle.Bundle;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Which rows are run together, seen by how often each was read: once for the gate, once more for
 * its expert. The test is the only worker, so that nothing depends on time.
 */
class ExpertBatchesTest {
  private static final String MODEL = "tiny-top1";
  private static final Costs CHEAP_GATE = new Costs(5_000, 1_000, 20_000, 2_000);
  private static final Costs DEAR_GATE = new Costs(50_000, 10_000, 20_000, 2_000);

  /** A run of it on one row costs as much as one of an expert, and on many hardly more. */
  private static final Costs GATE_FOR_MANY = new Costs(20_000, 1_000, 20_000, 2_000);

  private static final Duration LONG = Duration.ofDays(1);

  private final long seed = new Random().nextLong();
  private final Random random = new Random(seed);
  private final Bundle bundle = Bundle.open(Bundles.of(MODEL));

  private Workers workers;
  private SparseInference stages;
  private Lanes lanes;

  /** One row, how often it was read, and what happens when it is. */
  private record Read(
      RowSource row, int expert, AtomicInteger times, AtomicReference<Runnable> then)
      implements RowSource {
    void onRead(Runnable action) {
      then.set(action);
    }

    @Override
    public int count() {
      return 1;
    }

    @Override
    public int rowLength() {
      return row.rowLength();
    }

    @Override
    public void write(int from, int rows, FloatBuffer target, int at) {
      times.incrementAndGet();
      requireNonNull(then.get()).run();
      row.write(from, rows, target, at);
    }

    @Override
    public boolean isUint8() {
      return row.isUint8();
    }
  }

  @BeforeEach
  void open() {
    workers = new Workers(1);
    stages = SparseInference.open(bundle, Tuning.FIXED, Long.MAX_VALUE, ResidencyListener.none());
    lanes = new Lanes(bundle.manifest());
  }

  @AfterEach
  void close() {
    workers.close();
    stages.close();
    lanes.close();
  }

  private ExpertBatches queues(Costs costs, BatchLimits limits) {
    return new ExpertBatches(
        workers,
        stages,
        new InputCheck(bundle.manifest().input(), false),
        lanes,
        limits,
        costs,
        Call::answered);
  }

  private static BatchLimits limits(Duration maxWait) {
    return new BatchLimits(64, 1_000, maxWait);
  }

  /** Adds calls of one row each. */
  private List<PendingCall> add(ExpertBatches queues, int count) {
    List<PendingCall> calls = calls(count);
    assertThat(calls).allMatch(queues::add);
    return calls;
  }

  /** Adds calls of one row each, which wait for their experts then. */
  private List<PendingCall> addAndRoute(ExpertBatches queues, int count) {
    List<PendingCall> calls = add(queues, count);
    while (times(calls).contains(0)) {
      step(queues);
    }
    assertThat(times(calls)).as("seed %d: routed, and no expert ran", seed).containsOnly(1);
    return calls;
  }

  private List<PendingCall> calls(int count) {
    List<PendingCall> calls = new ArrayList<>();
    try (MoeModel model = MoeModel.open(Bundles.of(MODEL))) {
      for (int i = 0; i < count; i++) {
        RowSource row = Bundles.rows(MODEL, random, 1);
        int expert = model.predict(row).routing().expertIndices()[0];
        calls.add(
            PendingCall.of(
                new Read(row, expert, new AtomicInteger(), new AtomicReference<>(() -> {}))));
      }
    }
    return calls;
  }

  private String expertFile(int e) {
    return bundle.manifest().graphs().experts().get(e);
  }

  /** What was given up is looked for now and then, not for every call that is refused. */
  private static void awaitAdding(ExpertBatches queues, Call call) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!queues.add(call)) {
      assertThat(System.nanoTime() - end).as("a call is taken").isNegative();
      Thread.sleep(1);
    }
  }

  private static void hold(CountDownLatch go) {
    try {
      go.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean step(ExpertBatches queues) {
    return step(queues, 1);
  }

  /** Does what the first of so many free workers would. */
  private static boolean step(ExpertBatches queues, int free) {
    Runnable work = queues.take(System.nanoTime(), free);
    if (work != null) {
      work.run();
    }
    return work != null;
  }

  private static Read read(PendingCall call) {
    return (Read) call.rows();
  }

  private static List<Integer> times(List<PendingCall> calls) {
    return calls.stream().map(call -> read(call).times().get()).toList();
  }

  private static Map<Integer, Long> byExpert(List<PendingCall> calls) {
    return calls.stream().collect(groupingBy(call -> read(call).expert(), counting()));
  }

  @Test
  void shouldRouteAllRowsInOneRunAndGiveTheFullestExpertAllOfItsRows() {
    ExpertBatches queues = queues(CHEAP_GATE, limits(LONG));
    List<PendingCall> calls = add(queues, 40);

    step(queues);

    assertThat(times(calls)).as("seed %d: routed", seed).containsOnly(1);
    assertThat(calls).noneMatch(call -> call.answer().isDone());
    List<Long> most = byExpert(calls).values().stream().sorted(Collections.reverseOrder()).toList();
    List<Long> ran = new ArrayList<>();
    long answered = 0;
    while (step(queues)) {
      long now = calls.stream().filter(call -> call.answer().isDone()).count();
      ran.add(now - answered);
      answered = now;
    }
    assertThat(ran).as("seed %d: rows of each run", seed).isEqualTo(most);
    assertThat(times(calls)).as("seed %d", seed).containsOnly(2);
    assertThat(queues.waitingRows()).isZero();
  }

  @Test
  void shouldRouteRowsThatCameMeanwhileFirstWhereTheGateIsCheap() {
    ExpertBatches queues = queues(CHEAP_GATE, limits(LONG));
    List<PendingCall> before = add(queues, 40);
    step(queues);
    List<PendingCall> meanwhile = add(queues, 3);

    step(queues);

    assertThat(times(meanwhile)).as("seed %d", seed).containsOnly(1);
    assertThat(times(before)).as("seed %d", seed).containsOnly(1);
    int runs = 0;
    while (step(queues)) {
      runs++;
    }
    int experts = byExpert(Stream.of(before, meanwhile).flatMap(List::stream).toList()).size();
    assertThat(runs)
        .as("seed %d: one run an expert, old rows and new ones", seed)
        .isEqualTo(experts);
  }

  /** Runs of two rows, so that a turn of a fourth of 40 rows is five of them. */
  @Test
  void shouldAnswerTheRowsOfSeveralRunsTogetherWhereManyWait() {
    ExpertBatches queues = queues(CHEAP_GATE, new BatchLimits(2, 1_000, LONG));
    List<PendingCall> calls = addAndRoute(queues, 40);

    List<Integer> answered = new ArrayList<>();
    while (step(queues)) {
      assertThat(calls)
          .as("seed %d: no row is computed whose answer did not go out", seed)
          .allMatch(call -> call.answer().isDone() == (read(call).times().get() == 2));
      answered.add((int) calls.stream().filter(call -> call.answer().isDone()).count());
    }

    // A fourth of what waits, in runs of two: 10 of 40, 8 of 30, 6 of 22, 4 of 16, 4 of 12 ...
    assertThat(answered.subList(0, 5)).as("seed %d", seed).containsExactly(10, 18, 24, 28, 32);
    assertThat(answered.get(answered.size() - 1)).isEqualTo(40);
  }

  /** A fourth of 40 rows would be five runs; the third begins behind a millisecond. */
  @Test
  void shouldNotHoldAnswersBackForLongerThanAMillisecond() {
    Costs slow = new Costs(5_000, 1_000, 600_000, 2_000);
    ExpertBatches queues = queues(slow, new BatchLimits(2, 1_000, LONG));
    List<PendingCall> calls = addAndRoute(queues, 40);

    step(queues);

    assertThat(calls.stream().filter(call -> call.answer().isDone()))
        .as("seed %d: two runs of two rows", seed)
        .hasSize(4);
  }

  @Test
  void shouldAnswerTheRowsOfATurnThatWereComputedBeforeALaterRunFailed() {
    ExpertBatches queues = queues(CHEAP_GATE, new BatchLimits(2, 1_000, LONG));
    List<PendingCall> calls = addAndRoute(queues, 40);
    AtomicInteger reads = new AtomicInteger();
    calls.forEach(
        call ->
            read(call)
                .onRead(
                    () -> {
                      if (reads.incrementAndGet() > 6) {
                        throw new IllegalStateException("no more");
                      }
                    }));

    step(queues);

    List<PendingCall> ended = calls.stream().filter(call -> call.answer().isDone()).toList();
    assertThat(ended).as("seed %d: five runs of two rows", seed).hasSize(10);
    assertThat(ended.stream().filter(call -> call.answer().isCompletedExceptionally()))
        .as("seed %d: those of the last two", seed)
        .hasSize(4);
  }

  @Test
  void shouldGatherRowsForTheGateWhereHardlyOneWouldJoinTheExpertThatIsNext() {
    ExpertBatches queues = queues(GATE_FOR_MANY, limits(LONG));
    List<PendingCall> before = add(queues, 40);
    step(queues);
    List<PendingCall> first = add(queues, 1);

    step(queues);

    long ran = before.stream().filter(call -> call.answer().isDone()).count();
    assertThat(ran).as("seed %d: the fullest expert's rows", seed).isPositive();
    assertThat(times(first)).as("seed %d: waits for more", seed).containsOnly(0);
    List<PendingCall> more = add(queues, 20);

    step(queues);

    assertThat(times(first)).as("seed %d: routed", seed).containsOnly(1);
    assertThat(times(more)).as("seed %d: in the same run", seed).containsOnly(1);
    assertThat(before.stream().filter(call -> call.answer().isDone()))
        .as("seed %d: before the next expert", seed)
        .hasSize((int) ran);
  }

  @Test
  void shouldNotGatherRowsForTheGateLongerThanARowMayWait() {
    ExpertBatches queues = queues(GATE_FOR_MANY, limits(Duration.ZERO));
    List<PendingCall> before = add(queues, 40);
    step(queues);
    List<PendingCall> one = add(queues, 1);

    step(queues);

    assertThat(times(one)).as("seed %d: routed", seed).containsOnly(1);
    assertThat(before).as("seed %d", seed).noneMatch(call -> call.answer().isDone());
  }

  @Test
  void shouldRunAFullerExpertFirstWhereTheGateIsDear() {
    ExpertBatches queues = queues(DEAR_GATE, limits(LONG));
    List<PendingCall> before = add(queues, 40);
    step(queues);
    List<PendingCall> meanwhile = add(queues, 3);

    step(queues);

    assertThat(times(meanwhile)).as("seed %d", seed).containsOnly(0);
    long fullest =
        byExpert(before).values().stream().mapToLong(Long::longValue).max().orElseThrow();
    assertThat(before.stream().filter(call -> call.answer().isDone()))
        .as("seed %d", seed)
        .hasSize((int) fullest);
  }

  @Test
  void shouldLoadAnExpertAsSoonAsARowWaitsForItAndNotWhenItsTurnComes() throws Exception {
    long each = ExpertMemory.loaded(bundle.manifest().bytesOf(expertFile(0)));
    BlockingQueue<Integer> loaded = new LinkedBlockingQueue<>();
    stages.close();
    stages =
        SparseInference.open(
            bundle,
            Tuning.FIXED,
            2 * each,
            new ResidencyListener() {
              @Override
              public void loaded(int e, long nanos) {
                loaded.add(e);
              }

              @Override
              public void evicted(int e) {}
            });
    Set<Integer> atStart = new HashSet<>();
    loaded.drainTo(atStart);
    assertThat(atStart).as("two of three fit").hasSize(2);
    ExpertBatches queues = queues(CHEAP_GATE, limits(LONG));
    List<PendingCall> calls = add(queues, 40);
    assertThat(byExpert(calls)).as("seed %d", seed).hasSize(3);

    // Rows are routed, and nobody asks for work after that.
    step(queues);

    assertThat(loaded.poll(30, TimeUnit.SECONDS)).as("seed %d", seed).isNotNull().isNotIn(atStart);
  }

  @Test
  void shouldTakeNoMoreRowsThanARowMayWaitForWhereABatchSavesNothing() {
    Costs heavy = new Costs(1_000_000, 1_000_000, 1_000_000, 1_000_000);
    ExpertBatches queues = queues(heavy, limits(Duration.ofMillis(5)));
    List<PendingCall> calls = add(queues, 40);

    step(queues);

    assertThat(times(calls).stream().filter(times -> times == 1)).as("5 rows of 1 ms").hasSize(5);
    while (step(queues)) {
      assertThat(times(calls)).allMatch(times -> times <= 2);
    }
    assertThat(calls).allMatch(call -> call.answer().isDone());
  }

  @Test
  void shouldShareARunOfTheGateAmongAllFreeWorkers() {
    Costs heavy = new Costs(1_000_000, 900_000, 1_000_000, 900_000);
    ExpertBatches queues = queues(heavy, limits(LONG));
    List<PendingCall> calls = add(queues, 24);

    step(queues, 3);
    assertThat(times(calls).stream().filter(times -> times == 1)).hasSize(8);
    step(queues, 2);
    assertThat(times(calls).stream().filter(times -> times == 1)).hasSize(16);
  }

  /** An expert is run by as many of them as its part of all rows is of the workers. */
  @Test
  void shouldShareTheRowsOfExpertsAmongAllFreeWorkers() {
    Costs heavy = new Costs(1_000, 1_000, 1_000_000, 900_000);
    ExpertBatches queues = queues(heavy, limits(LONG));
    List<PendingCall> calls = addAndRoute(queues, 40);
    int most = byExpert(calls).values().stream().mapToInt(Long::intValue).max().orElseThrow();
    int parts = (8 * most + 39) / 40;

    step(queues, 8);

    assertThat(calls.stream().filter(call -> call.answer().isDone()))
        .as("seed %d: of %d rows for one expert, %d parts", seed, most, parts)
        .hasSize((most + parts - 1) / parts);
  }

  @Test
  void shouldNotRefuseCallsForRowsThatWereGivenUpBeforeTheirExpertCame() throws Exception {
    long each = ExpertMemory.loaded(bundle.manifest().bytesOf(expertFile(0)));
    CountDownLatch go = new CountDownLatch(1);
    stages.close();
    stages =
        SparseInference.open(
            bundle,
            Tuning.FIXED,
            2 * each,
            new ResidencyListener() {
              @Override
              public void loaded(int e, long nanos) {}

              @Override
              public void evicted(int e) {
                // A slow disk.
                hold(go);
              }
            });
    try {
      ExpertBatches queues = queues(CHEAP_GATE, new BatchLimits(64, 40, LONG));
      AtomicBoolean waiting = new AtomicBoolean(true);
      List<PendingCall> calls = new ArrayList<>();
      for (PendingCall call : calls(40)) {
        calls.add(call);
        assertThat(queues.add(call.waitedFor(waiting::get))).isTrue();
      }
      step(queues);
      while (step(queues)) {
        assertThat(calls).as("rows of experts that are there").isNotEmpty();
      }
      int left = queues.waitingRows();
      assertThat(left).as("seed %d: rows of one that is not", seed).isBetween(1, 39);
      for (PendingCall call : calls(40 - left)) {
        assertThat(queues.add(call)).isTrue();
      }
      PendingCall more = calls(1).get(0);
      assertThat(queues.add(more)).as("full").isFalse();

      waiting.set(false);
      awaitAdding(queues, more);

      assertThat(queues.waitingRows()).as("seed %d", seed).isEqualTo(40 - left + 1);
      assertThat(calls.stream().filter(call -> call.answer().isCompletedExceptionally()))
          .as("seed %d: dropped", seed)
          .hasSize(left);
    } finally {
      go.countDown();
    }
  }
}
