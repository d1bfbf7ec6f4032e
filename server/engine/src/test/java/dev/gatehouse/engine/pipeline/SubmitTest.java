package dev.gatehouse.engine.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.gatehouse.engine.pipeline.PredictionListener.Computed;
import dev.gatehouse.engine.schedule.Policy;
import dev.gatehouse.engine.schedule.RunCost;
import dev.gatehouse.engine.schedule.Workers;
import dev.gatehouse.engine.tensor.Prediction;
import dev.gatehouse.engine.tensor.Routing;
import dev.gatehouse.engine.tensor.RowSource;
import dev.gatehouse.engine.tensor.Rows;
import dev.gatehouse.engine.testing.Bundles;
import dev.gatehouse.proto.BadInput;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Calls that are answered later, under each policy, by real workers and a real event loop. */
class SubmitTest {
  private static final int PIXELS = 64;
  private static final long NEVER = Long.MAX_VALUE / 2;

  private final Workers workers = new Workers(2);
  private final ExecutorService loop = Executors.newSingleThreadExecutor();
  private final Tick tick = new Tick(loop);

  @AfterEach
  void stop() {
    loop.shutdownNow();
    workers.close();
  }

  /** A call that remembers how it ended, and how often. */
  private static final class Waiting implements Call {
    final RowSource rows;
    final BooleanSupplier waiting;
    final AtomicInteger ends = new AtomicInteger();
    final CountDownLatch ended = new CountDownLatch(1);
    volatile @Nullable Prediction prediction;
    volatile @Nullable Throwable failure;
    volatile boolean dropped;
    volatile Runnable onEnd = () -> {};

    Waiting(RowSource rows, BooleanSupplier waiting) {
      this.rows = rows;
      this.waiting = waiting;
    }

    @Override
    public RowSource rows() {
      return rows;
    }

    @Override
    public boolean isWaiting() {
      return waiting.getAsBoolean();
    }

    @Override
    public long deadline() {
      return System.nanoTime() + NEVER;
    }

    @Override
    public void answered(Prediction answer) {
      prediction = answer;
      end();
    }

    @Override
    public void failed(Throwable reason) {
      failure = reason;
      end();
    }

    @Override
    public void dropped() {
      dropped = true;
      end();
    }

    private void end() {
      ends.incrementAndGet();
      ended.countDown();
      onEnd.run();
    }

    Waiting await() throws InterruptedException {
      assertThat(ended.await(60, TimeUnit.SECONDS)).as("the call ended").isTrue();
      return this;
    }
  }

  private static Rows rows(Random random, int count) {
    byte[] pixels = new byte[count * PIXELS];
    random.nextBytes(pixels);
    return Rows.ofUint8(count, ByteBuffer.wrap(pixels));
  }

  static Stream<Arguments> policies() {
    return Stream.of(
        Arguments.of("tiny-top1", Policy.PER_TICK),
        Arguments.of("tiny-top1", Policy.PER_EXPERT),
        Arguments.of("tiny-top1", Policy.PER_MODEL),
        Arguments.of("tiny-top2", Policy.PER_TICK),
        Arguments.of("tiny-top2", Policy.PER_MODEL),
        Arguments.of("tiny-certified", Policy.PER_MODEL),
        Arguments.of("tiny-top2", Policy.PER_EXPERT),
        Arguments.of("tiny-certified", Policy.PER_TICK),
        Arguments.of("tiny-certified", Policy.PER_EXPERT),
        Arguments.of("tiny-dense", Policy.PER_TICK),
        Arguments.of("tiny-dense", Policy.PER_MODEL),
        Arguments.of("tiny-dense-top2", Policy.PER_MODEL));
  }

  private EngineOptions options(Policy policy) {
    return EngineOptions.defaults().withWorkers(workers).withPolicy(policy);
  }

  private void submit(MoeModel model, Waiting call) {
    if (model.policy() == Policy.PER_TICK) {
      loop.execute(() -> model.submit(call, tick));
    } else {
      model.submit(call, null);
    }
  }

  /** Submits so many calls while another is under way that some wait for workers. */
  private void submitAll(MoeModel model, List<Waiting> calls) throws InterruptedException {
    int most = submitBesideAnother(model, calls);
    if (model.policy() != Policy.PER_TICK) {
      assertThat(most).as("rows that waited for workers").isPositive();
    }
  }

  /** A call that says when it is looked at, holds whoever does, and has been given up by then. */
  private static Waiting underWayUntil(CountDownLatch go, CountDownLatch underWay) {
    return new Waiting(
        Rows.of(1, new float[PIXELS]),
        () -> {
          underWay.countDown();
          hold(go);
          return false;
        });
  }

  /**
   * Submits calls while another is under way, so that they queue: one that is alone is computed at
   * once.
   *
   * @return the most rows that were seen to wait for workers
   */
  private int submitBesideAnother(MoeModel model, List<Waiting> calls) throws InterruptedException {
    CountDownLatch underWay = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    Waiting other = underWayUntil(go, underWay);
    Thread caller = new Thread(() -> model.submit(other, null));
    caller.start();
    assertThat(underWay.await(60, TimeUnit.SECONDS))
        .as("another call is under way; %s", other.failure)
        .isTrue();
    int most = 0;
    for (Waiting call : calls) {
      submit(model, call);
      most = Math.max(most, model.waitingRows());
    }
    go.countDown();
    caller.join();
    return most;
  }

  @ParameterizedTest
  @MethodSource("policies")
  void shouldAnswerEachCallAsIfItWereAlone(String name, Policy policy) throws Exception {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    LongAdder counted = new LongAdder();
    LongAdder hits = new LongAdder();
    EngineOptions options =
        options(policy)
            .withLimits(new BatchLimits(1 + random.nextInt(40), 100_000, Duration.ofMillis(1)))
            .withListener(
                (routing, computed) -> {
                  counted.add(routing.rows());
                  hits.add(experts(routing));
                  assertThat(computed == Computed.THE_CHOSEN).isEqualTo(!name.contains("dense"));
                });
    List<Waiting> calls = new ArrayList<>();
    int rows = 0;
    int expectedHits = 0;
    try (MoeModel model = MoeModel.open(Bundles.of(name), options);
        MoeModel alone = MoeModel.open(Bundles.of(name))) {
      for (int i = 0; i < 400; i++) {
        int count = random.nextInt(10) == 0 ? random.nextInt(120) : 1;
        boolean gone = random.nextInt(20) == 0;
        calls.add(new Waiting(Bundles.rows(name, random, count), () -> !gone));
      }
      Waiting bad = new Waiting(Rows.of(1, nan()), () -> true);
      calls.add(200, bad);
      submitAll(model, calls);

      for (Waiting call : calls) {
        call.await();
        if (call.dropped) {
          assertThat(call.waiting.getAsBoolean()).as("seed %d", seed).isFalse();
        } else if (call == bad) {
          assertThat(call.failure).isInstanceOf(BadInput.class).hasMessageContaining("NaN");
        } else {
          Prediction expected = alone.predict(call.rows);
          rows += call.rows.count();
          expectedHits += experts(expected.routing());
          requireSame(call.prediction, expected, seed);
        }
      }
      assertThat(model.waitingRows()).as("seed %d", seed).isZero();
    }
    assertThat(calls).as("each ended once").allMatch(call -> call.ends.get() == 1);
    assertThat(counted.sum()).as("seed %d: rows that the listener heard of", seed).isEqualTo(rows);
    assertThat(hits.sum()).as("seed %d", seed).isEqualTo(expectedHits);
    if (!name.equals("tiny-certified")) {
      assertThat(expectedHits).isEqualTo(rows * (name.endsWith("top2") ? 2 : 1));
    }
  }

  /** Pairs of row and expert. */
  private static int experts(Routing routing) {
    return IntStream.range(0, routing.rows()).map(routing::count).sum();
  }

  private static float[] nan() {
    float[] values = new float[PIXELS];
    values[5] = Float.NaN;
    return values;
  }

  private static void requireSame(@Nullable Prediction found, Prediction alone, long seed) {
    assertThat(found).isNotNull();
    Objects.requireNonNull(found);
    assertThat(found.rows()).isEqualTo(alone.rows());
    assertThat(found.classIndices()).as("seed %d", seed).containsExactly(alone.classIndices());
    assertThat(found.routing().k()).as("seed %d", seed).isEqualTo(alone.routing().k());
    assertThat(found.routing().expertIndices())
        .as("seed %d", seed)
        .containsExactly(alone.routing().expertIndices());
    assertThat(found.probabilities())
        .as("seed %d", seed)
        .usingComparatorWithPrecision(1e-5f)
        .containsExactly(alone.probabilities());
    for (int i = 0; i < alone.routing().gateProbabilities().length; i++) {
      assertThat(found.routing().gateProbabilities()[i])
          .as("seed %d", seed)
          .isCloseTo(alone.routing().gateProbabilities()[i], within(1e-5f));
    }
  }

  @ParameterizedTest
  @MethodSource("policies")
  void shouldRefuseWhatTheModelWasNotMadeFor(String name, Policy policy) throws Exception {
    try (MoeModel model = MoeModel.open(Bundles.of(name), options(policy))) {
      Waiting call = new Waiting(Rows.of(2, new float[2 * 63]), () -> true);
      submit(model, call);

      assertThat(call.await().failure)
          .isInstanceOf(BadInput.class)
          .hasMessageContaining("64 values; got 63");
    }
  }

  /** Rows that nobody can read. */
  private record Unreadable(int count, RuntimeException why) implements RowSource {
    @Override
    public int rowLength() {
      return PIXELS;
    }

    @Override
    public void write(int from, int rows, FloatBuffer target, int at) {
      throw why;
    }
  }

  @ParameterizedTest
  @MethodSource("policies")
  void shouldEndACallWhoseRowsNoMemoryCanHold(String name, Policy policy) throws Exception {
    int most = Integer.MAX_VALUE / Float.BYTES / PIXELS;
    Unreadable rows = new Unreadable(most + 1, new AssertionErrorInDisguise());
    try (MoeModel model = MoeModel.open(Bundles.of(name), options(policy));
        MoeModel without = MoeModel.open(Bundles.of(name))) {
      for (int i = 0; i < 4; i++) {
        Waiting call = new Waiting(rows, () -> true);
        submit(i < 3 ? model : without, call);

        assertThat(call.await().failure)
            .isInstanceOf(BadInput.class)
            .hasMessageContaining("%d rows are more than the %d", most + 1, most);
      }
    }
  }

  /** Thrown where a row is read that should not be. */
  private static final class AssertionErrorInDisguise extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  @ParameterizedTest
  @MethodSource("policies")
  void shouldFailOnlyTheCallWhoseRowsCannotBeRead(String name, Policy policy) throws Exception {
    Random random = new Random(8);
    IllegalStateException why = new IllegalStateException("the file is gone");
    List<Waiting> calls = new ArrayList<>();
    try (MoeModel model = MoeModel.open(Bundles.of(name), options(policy))) {
      for (int i = 0; i < 9; i++) {
        calls.add(
            new Waiting(
                i == 4 ? new Unreadable(2, why) : Bundles.rows(name, random, 2), () -> true));
      }
      submitBesideAnother(model, calls);

      for (int i = 0; i < calls.size(); i++) {
        Waiting call = calls.get(i).await();
        assertThat(call.failure).isSameAs(i == 4 ? why : null);
      }
    }
    assertThat(calls).as("each ended once").allMatch(call -> call.ends.get() == 1);
  }

  /** A graph that takes bytes is one for all calls of a batch. */
  @Test
  void shouldFailOnlyTheCallWhoseValuesAreNoBytes() throws Exception {
    float[] half = new float[PIXELS];
    half[7] = 3.5f;
    Random random = new Random(3);
    try (MoeModel model = MoeModel.open(Bundles.of("tiny-uint8"), options(Policy.PER_MODEL))) {
      Waiting wrong = new Waiting(Rows.of(1, half), () -> true);
      Waiting good = new Waiting(Bundles.rows("tiny-uint8", random, 1), () -> true);
      Waiting whole = new Waiting(Rows.of(1, new float[PIXELS]), () -> true);
      submitBesideAnother(model, List.of(wrong, good, whole));

      assertThat(wrong.await().failure)
          .isInstanceOf(BadInput.class)
          .hasMessageEndingWith(" takes bytes, whole numbers from 0 to 255; row 0 holds 3.5 at 7");
      assertThat(good.await().prediction).isNotNull();
      assertThat(whole.await().prediction).isNotNull();
    }
  }

  @ParameterizedTest
  @MethodSource("policies")
  void shouldAnswerWhateverTheListenerDoes(String name, Policy policy) throws Exception {
    Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    AtomicInteger told = new AtomicInteger();
    Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> told.incrementAndGet());
    Random random = new Random(2);
    List<Waiting> calls = new ArrayList<>();
    EngineOptions options =
        options(policy)
            .withListener(
                (routing, computed) -> {
                  throw new IllegalStateException("a listener's own mistake");
                });
    try (MoeModel model = MoeModel.open(Bundles.of(name), options)) {
      for (int i = 0; i < 20; i++) {
        calls.add(new Waiting(Bundles.rows(name, random, 1 + i % 3), () -> true));
      }
      submitBesideAnother(model, calls);
      for (Waiting call : calls) {
        assertThat(call.await().prediction).isNotNull();
      }
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(before);
    }
    assertThat(told).hasPositiveValue();
  }

  /** A client that sends as many rows as may wait, one request after the other. */
  @ParameterizedTest
  @MethodSource("policies")
  void shouldTakeTheNextCallOfWhoeverHearsOfAnAnswer(String name, Policy policy) throws Exception {
    Random random = new Random(1);
    EngineOptions options = options(policy).withLimits(new BatchLimits(4, 8, Duration.ofMillis(1)));
    try (MoeModel model = MoeModel.open(Bundles.of(name), options)) {
      Waiting next = new Waiting(Bundles.rows(name, random, 1), () -> true);
      Waiting full = new Waiting(Bundles.rows(name, random, 8), () -> true);
      full.onEnd = () -> model.submit(next, null);
      submitBesideAnother(model, List.of(full));

      assertThat(next.await().failure).isNull();
      assertThat(full.await().failure).isNull();
    }
  }

  /** Rows that tell when they are read, and count how many were. */
  private static final class Watched implements RowSource {
    final RowSource rows;
    final AtomicInteger read = new AtomicInteger();
    volatile Runnable onRead = () -> {};
    volatile Runnable afterRead = () -> {};

    Watched(RowSource rows) {
      this.rows = rows;
    }

    @Override
    public int count() {
      return rows.count();
    }

    @Override
    public int rowLength() {
      return rows.rowLength();
    }

    @Override
    public void write(int from, int count, FloatBuffer target, int at) {
      onRead.run();
      read.addAndGet(count);
      rows.write(from, count, target, at);
      afterRead.run();
    }

    @Override
    public boolean isUint8() {
      return rows.isUint8();
    }
  }

  @Test
  void shouldNotReadTheRowsOfACallThatHasEnded() throws Exception {
    // Their memory is another's then.
    AtomicBoolean readAfterwards = new AtomicBoolean();
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    List<Waiting> calls = new ArrayList<>();
    EngineOptions options =
        options(Policy.PER_EXPERT).withLimits(new BatchLimits(4, 100_000, Duration.ZERO));
    try (MoeModel model = MoeModel.open(Bundles.of("tiny-top2"), options)) {
      for (int i = 0; i < 150; i++) {
        Watched rows = new Watched(rows(random, 8));
        AtomicBoolean returned = new AtomicBoolean();
        // Time for another worker to end the call meanwhile.
        rows.onRead = () -> LockSupport.parkNanos(100_000);
        rows.afterRead =
            () -> {
              if (returned.get()) {
                readAfterwards.set(true);
              }
            };
        AtomicInteger looks = new AtomicInteger(random.nextInt(12));
        Waiting call = new Waiting(rows, () -> looks.decrementAndGet() >= 0);
        call.onEnd = () -> returned.set(true);
        calls.add(call);
      }
      submitAll(model, calls);
      for (Waiting call : calls) {
        call.await();
      }
    }
    assertThat(calls).as("seed %d: some gave up", seed).anyMatch(call -> call.dropped);
    assertThat(calls).as("seed %d: each ended once", seed).allMatch(c -> c.ends.get() == 1);
    assertThat(readAfterwards).as("seed %d", seed).isFalse();
  }

  @Test
  void shouldAnswerTheOthersWhenACallerThrows() throws Exception {
    Random random = new Random(9);
    List<Waiting> calls = new ArrayList<>();
    try (MoeModel model = MoeModel.open(Bundles.of("tiny-top1"), options(Policy.PER_EXPERT))) {
      for (int i = 0; i < 60; i++) {
        Waiting call = new Waiting(rows(random, 1), () -> true);
        if (i % 3 == 0) {
          call.onEnd =
              () -> {
                throw new IllegalStateException("a caller's own mistake");
              };
        }
        calls.add(call);
      }
      submitAll(model, calls);
      for (Waiting call : calls) {
        call.await();
      }
    }
    assertThat(calls).allMatch(call -> call.prediction != null && call.ends.get() == 1);
  }

  @Test
  void shouldRefuseWhenTheQueueIsFullAndTakeCallsAgainAfterwards() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    CountDownLatch held = new CountDownLatch(3);
    EngineOptions options =
        options(Policy.PER_EXPERT)
            .withLimits(new BatchLimits(4, 8, Duration.ofMillis(1)))
            .withListener(
                (routing, computed) -> {
                  held.countDown();
                  hold(go);
                });
    Random random = new Random(4);
    try (MoeModel model = MoeModel.open(Bundles.of("tiny-top1"), options)) {
      // The first is computed on its caller's thread; two hold the workers.
      Waiting first = new Waiting(rows(random, 1), () -> true);
      Thread inline = new Thread(() -> model.submit(first, null));
      inline.start();
      while (held.getCount() > 2) {
        Thread.onSpinWait();
      }
      for (int i = 0; i < 2; i++) {
        model.submit(new Waiting(rows(random, 1), () -> true), null);
        while (held.getCount() > 1 - i) {
          Thread.onSpinWait();
        }
      }
      List<Waiting> queued = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        Waiting call = new Waiting(rows(random, 1), () -> true);
        queued.add(call);
        model.submit(call, null);
      }
      Waiting tooMany = new Waiting(rows(random, 1), () -> true);
      model.submit(tooMany, null);

      assertThat(tooMany.await().failure)
          .isInstanceOf(Overloaded.class)
          .hasMessage("8 rows wait for the model tiny-top1 already; try again later");
      go.countDown();
      inline.join();
      for (Waiting call : queued) {
        assertThat(call.await().prediction).isNotNull();
      }
      Waiting later = new Waiting(rows(random, 1), () -> true);
      model.submit(later, null);
      assertThat(later.await().prediction).isNotNull();
    }
  }

  @Test
  void shouldAnswerWhatWaitsBeforeItCloses() throws Exception {
    Random random = new Random(6);
    List<Waiting> calls = new ArrayList<>();
    MoeModel model = MoeModel.open(Bundles.of("tiny-top2"), options(Policy.PER_EXPERT));
    for (int i = 0; i < 200; i++) {
      calls.add(new Waiting(rows(random, 1 + i % 5), () -> true));
    }
    submitAll(model, calls);
    model.close();

    assertThat(calls).allMatch(call -> call.prediction != null && call.ends.get() == 1);
    Waiting late = new Waiting(rows(random, 1), () -> true);
    model.submit(late, null);
    assertThat(late.await().failure).hasMessage("the model tiny-top2 is closed");
  }

  static Stream<Arguments> policiesOfWorkers() {
    return policies().filter(arguments -> arguments.get()[1] != Policy.PER_TICK);
  }

  /** Submits calls in one turn of the loop; the threads that ended them. */
  private Set<Thread> endsOfOneTurn(MoeModel model, int calls) throws InterruptedException {
    Set<Thread> ends = ConcurrentHashMap.newKeySet();
    List<Waiting> turn = new ArrayList<>();
    // Workers that answer all but the last one before it comes would leave it alone.
    CountDownLatch submitted = new CountDownLatch(1);
    for (int i = 0; i < calls; i++) {
      Watched rows = new Watched(Rows.of(1, new float[PIXELS]));
      rows.onRead = () -> hold(submitted);
      Waiting call = new Waiting(rows, () -> true);
      call.onEnd = () -> ends.add(Thread.currentThread());
      turn.add(call);
    }
    loop.execute(
        () -> {
          turn.forEach(call -> model.submit(call, tick));
          submitted.countDown();
        });
    for (Waiting call : turn) {
      assertThat(call.await().prediction).isNotNull();
    }
    model.close();
    assertThat(turn).as("each ended once").allMatch(call -> call.ends.get() == 1);
    return ends;
  }

  @Test
  void shouldComputeNoMoreRowsOfATurnTogetherThanTheLimitsAllow() throws Exception {
    List<Integer> together = new CopyOnWriteArrayList<>();
    EngineOptions options =
        options(Policy.PER_TICK)
            .withLimits(new BatchLimits(8, 100_000, Duration.ofMillis(1)))
            .withListener((routing, computed) -> together.add(routing.rows()));
    List<Waiting> turn = new ArrayList<>();
    for (int rows : new int[] {3, 3, 3, 3, 9, 1}) {
      turn.add(new Waiting(Rows.of(rows, new float[rows * PIXELS]), () -> true));
    }
    try (MoeModel model = MoeModel.open(Bundles.of("tiny-top2"), options)) {
      loop.execute(() -> turn.forEach(call -> model.submit(call, tick)));
      for (Waiting call : turn) {
        assertThat(call.await().prediction).isNotNull();
      }
    }
    // A call that is larger than the limit goes alone.
    assertThat(together).containsExactly(6, 6, 9, 1);
  }

  @ParameterizedTest
  @MethodSource("policiesOfWorkers")
  void shouldComputeOnTheLoopOnlyACallThatItsTurnBroughtAlone(String name, Policy policy)
      throws Exception {
    AtomicReference<Thread> thread = new AtomicReference<>();
    loop.submit(() -> thread.set(Thread.currentThread())).get();

    assertThat(endsOfOneTurn(MoeModel.open(Bundles.of(name), options(policy)), 1))
        .containsExactly(thread.get());
    assertThat(endsOfOneTurn(MoeModel.open(Bundles.of(name), options(policy)), 12))
        .doesNotContain(thread.get());
  }

  @ParameterizedTest
  @MethodSource("policiesOfWorkers")
  void shouldHandACallToWorkersWhenAnotherCameBeforeItsTurnEnded(String name, Policy policy)
      throws Exception {
    AtomicReference<Thread> end = new AtomicReference<>();
    AtomicReference<Thread> onLoop = new AtomicReference<>();
    CountDownLatch underWay = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    Waiting other = underWayUntil(go, underWay);
    Waiting call = new Waiting(Rows.of(1, new float[PIXELS]), () -> true);
    call.onEnd = () -> end.set(Thread.currentThread());
    try (MoeModel model = MoeModel.open(Bundles.of(name), options(policy))) {
      loop.execute(
          () -> {
            onLoop.set(Thread.currentThread());
            model.submit(call, tick);
            model.submit(other, null);
            hold(underWay);
          });
      call.await();
      go.countDown();
    }
    assertThat(end.get()).isNotNull().isNotEqualTo(onLoop.get());
    assertThat(other.dropped).isTrue();
  }

  @ParameterizedTest
  @MethodSource("policiesOfWorkers")
  void shouldHaveSeveralWorkersShareALargeCall(String name, Policy policy) throws Exception {
    Random random = new Random(5);
    CyclicBarrier together = new CyclicBarrier(2);
    Set<Thread> readers = ConcurrentHashMap.newKeySet();
    EngineOptions options =
        options(policy).withLimits(new BatchLimits(8, 100_000, Duration.ofMillis(1)));
    try (MoeModel model = MoeModel.open(Bundles.of(name), options)) {
      Watched rows = new Watched(Bundles.rows(name, random, 8_000));
      rows.onRead =
          () -> {
            // Each worker's first part.
            if (readers.add(Thread.currentThread())) {
              meet(together);
            }
          };
      Waiting call = new Waiting(rows, () -> true);
      model.submit(call, null);

      assertThat(call.await().prediction).as("failure: %s", call.failure).isNotNull();
      assertThat(readers).hasSize(2).doesNotContain(Thread.currentThread());
    }
  }

  private static void meet(CyclicBarrier barrier) {
    try {
      barrier.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
      throw new IllegalStateException("nobody came", e);
    }
  }

  /** Not so many rows that they would hold up whoever submits them: about 0.5 ms. */
  @ParameterizedTest
  @MethodSource("policiesOfWorkers")
  void shouldHandACallToWorkersThatAnswerItSoonerTogether(String name, Policy policy)
      throws Exception {
    try (MoeModel model = MoeModel.open(Bundles.of(name), options(policy))) {
      double experts = name.contains("dense") ? 1 : model.manifest().rule().k();
      RunCost whole = model.costs().whole(experts);
      double inBatch = policy == Policy.PER_EXPERT ? whole.row() : whole.rowInBatch();
      int count = (int) (500_000 / inBatch);
      List<Thread> readers = new CopyOnWriteArrayList<>();
      for (int rows : List.of(1, count)) {
        Watched read = new Watched(Bundles.rows(name, new Random(5), rows));
        read.onRead = () -> readers.add(Thread.currentThread());
        Waiting call = new Waiting(read, () -> true);
        model.submit(call, null);
        assertThat(call.await().prediction).as("failure: %s", call.failure).isNotNull();
        assertThat(readers.contains(Thread.currentThread()))
            .as("%d rows on the caller's thread; %s", rows, model.costs())
            .isEqualTo(rows == 1);
        readers.clear();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("policiesOfWorkers")
  void shouldLetOthersGoBetweenTheRowsOfLargeCalls(String name, Policy policy) throws Exception {
    Random random = new Random(5);
    EngineOptions options =
        options(policy).withLimits(new BatchLimits(8, 100_000, Duration.ofMillis(1)));
    try (MoeModel model = MoeModel.open(Bundles.of(name), options)) {
      CountDownLatch go = new CountDownLatch(1);
      List<Watched> large = new ArrayList<>();
      List<Waiting> calls = new ArrayList<>();
      // One for each worker.
      for (int i = 0; i < 2; i++) {
        Watched rows = new Watched(Bundles.rows(name, random, 8_000));
        rows.onRead = () -> hold(go);
        large.add(rows);
        calls.add(new Waiting(rows, () -> true));
      }
      AtomicInteger before = new AtomicInteger(-1);
      Watched one = new Watched(Bundles.rows(name, random, 1));
      one.onRead =
          () -> before.compareAndSet(-1, large.stream().mapToInt(rows -> rows.read.get()).sum());
      Waiting small = new Waiting(one, () -> true);
      calls.add(small);
      submitBesideAnother(model, calls);
      go.countDown();

      assertThat(small.await().prediction).isNotNull();
      assertThat(before.get()).as("rows of the large calls that went before").isLessThan(8_000);
      for (Waiting call : calls.subList(0, 2)) {
        assertThat(Objects.requireNonNull(call.await().prediction).rows()).isEqualTo(8_000);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("policiesOfWorkers")
  void shouldNotComputeTheRestOfALargeCallThatNobodyWaitsForAnyMore(String name, Policy policy)
      throws Exception {
    EngineOptions options =
        options(policy).withLimits(new BatchLimits(8, 100_000, Duration.ofMillis(1)));
    try (MoeModel model = MoeModel.open(Bundles.of(name), options)) {
      Watched rows = new Watched(Bundles.rows(name, new Random(5), 8_000));
      AtomicBoolean wanted = new AtomicBoolean(true);
      rows.onRead = () -> wanted.set(false);
      Waiting large = new Waiting(rows, wanted::get);
      submitBesideAnother(model, List.of(large));

      assertThat(large.await().dropped).isTrue();
      assertThat(rows.read.get()).as("two workers' first runs").isLessThanOrEqualTo(3 * 8);
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
      while (model.waitingRows() > 0) {
        assertThat(System.nanoTime() - end).as("its rows wait no more").isNegative();
        Thread.onSpinWait();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("policiesOfWorkers")
  void shouldCountTheRowsOfALargeCallFromItsFirst(String name, Policy policy) throws Exception {
    EngineOptions options =
        options(policy).withLimits(new BatchLimits(8, 100_000, Duration.ofMillis(1)));
    float[] values = new float[300 * PIXELS];
    values[217 * PIXELS + 3] = -1;
    try (MoeModel model = MoeModel.open(Bundles.of(name), options)) {
      Waiting large = new Waiting(Rows.of(300, values), () -> true);
      submitBesideAnother(model, List.of(large));

      assertThat(large.await().failure)
          .isInstanceOf(BadInput.class)
          .hasMessageContaining("row 217 holds -1.0 at 3");
    }
  }

  private static void hold(CountDownLatch go) {
    try {
      go.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
