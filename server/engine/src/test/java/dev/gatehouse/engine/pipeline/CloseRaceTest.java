package dev.gatehouse.engine.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.engine.schedule.Policy;
import dev.gatehouse.engine.schedule.Workers;
import dev.gatehouse.engine.tensor.Prediction;
import dev.gatehouse.engine.tensor.RowSource;
import dev.gatehouse.engine.tensor.Rows;
import dev.gatehouse.engine.testing.Bundles;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Callers, cancellations and {@link MoeModel#close} set off at the same moment, many times over:
 * whichever comes first, every call ends once, and none after the model is closed.
 */
class CloseRaceTest {
  private static final int ROUNDS = 150;
  private static final int CALLERS = 3;
  private static final int CALLS = 8;

  private final Workers workers = new Workers(2);
  private final ExecutorService threads = Executors.newFixedThreadPool(CALLERS + 2);

  @AfterEach
  void stop() {
    threads.shutdownNow();
    workers.close();
  }

  /** What a call came to. */
  private static class Counted implements Call {
    final RowSource rows;
    final AtomicBoolean cancelled = new AtomicBoolean();
    final AtomicInteger answers = new AtomicInteger();
    final AtomicInteger failures = new AtomicInteger();
    final AtomicInteger drops = new AtomicInteger();
    final AtomicBoolean afterClose;
    final AtomicBoolean closed;

    Counted(RowSource rows, AtomicBoolean closed, AtomicBoolean afterClose) {
      this.rows = rows;
      this.closed = closed;
      this.afterClose = afterClose;
    }

    int ends() {
      return answers.get() + failures.get() + drops.get();
    }

    @Override
    public RowSource rows() {
      return rows;
    }

    @Override
    public boolean isWaiting() {
      return !cancelled.get();
    }

    @Override
    public long deadline() {
      return System.nanoTime() + Long.MAX_VALUE / 2;
    }

    @Override
    public void answered(Prediction prediction) {
      assertThat(prediction.rows()).isEqualTo(rows.count());
      if (closed.get()) {
        afterClose.set(true);
      }
      answers.incrementAndGet();
    }

    @Override
    public void failed(Throwable reason) {
      failures.incrementAndGet();
    }

    @Override
    public void dropped() {
      drops.incrementAndGet();
    }
  }

  @ParameterizedTest
  @CsvSource({"tiny-top2, PER_EXPERT", "tiny-certified, PER_EXPERT", "tiny-dense, PER_MODEL"})
  void shouldEndEveryCallOnceHoweverItRacesWithClosing(String name, Policy policy)
      throws Exception {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    int answered = 0;
    int refused = 0;
    for (int round = 0; round < ROUNDS; round++) {
      String where = "seed %d, round %d".formatted(seed, round);
      MoeModel model =
          MoeModel.open(
              Bundles.of(name), EngineOptions.defaults().withWorkers(workers).withPolicy(policy));
      AtomicBoolean closed = new AtomicBoolean();
      AtomicBoolean afterClose = new AtomicBoolean();
      List<List<Counted>> calls = new ArrayList<>();
      for (int c = 0; c < CALLERS; c++) {
        List<Counted> own = new ArrayList<>();
        for (int i = 0; i < CALLS; i++) {
          Rows rows = Bundles.rows(name, random, 1 + random.nextInt(9));
          own.add(new Counted(rows, closed, afterClose));
        }
        calls.add(own);
      }
      int head = random.nextInt(400);
      CyclicBarrier start = new CyclicBarrier(CALLERS + 2);
      List<Future<?>> running = new ArrayList<>();
      for (List<Counted> own : calls) {
        running.add(
            threads.submit(
                () -> {
                  start.await();
                  own.forEach(call -> model.submit(call, null));
                  return null;
                }));
      }
      running.add(
          threads.submit(
              () -> {
                start.await();
                calls.get(0).forEach(call -> call.cancelled.set(true));
                return null;
              }));
      running.add(
          threads.submit(
              () -> {
                start.await();
                spin(head);
                model.close();
                closed.set(true);
                return null;
              }));
      for (Future<?> one : running) {
        one.get(60, TimeUnit.SECONDS);
      }

      for (Counted call : calls.stream().flatMap(List::stream).toList()) {
        assertThat(call.ends()).as(where).isEqualTo(1);
        assertThat(call.drops.get() == 0 || call.cancelled.get()).as(where).isTrue();
        answered += call.answers.get();
        refused += call.failures.get();
      }
      assertThat(afterClose).as(where).isFalse();
    }
    assertThat(answered).as("seed %d: calls before the model was closed", seed).isPositive();
    assertThat(refused).as("seed %d: calls after it", seed).isPositive();
  }

  /** As in a server, where the last request that holds a retired model lets go of it at its end. */
  @ParameterizedTest
  @CsvSource({
    "tiny-top2, PER_TICK",
    "tiny-top2, PER_EXPERT",
    "tiny-top2, PER_MODEL",
    "tiny-dense, PER_MODEL"
  })
  void shouldBeClosedFromWithinItsLastCall(String name, Policy policy) throws Exception {
    Random random = new Random(1);
    for (int round = 0; round < ROUNDS; round++) {
      MoeModel model =
          MoeModel.open(
              Bundles.of(name), EngineOptions.defaults().withWorkers(workers).withPolicy(policy));
      AtomicInteger left = new AtomicInteger(CALLERS);
      CountDownLatch ended = new CountDownLatch(CALLERS);
      AtomicBoolean never = new AtomicBoolean();
      CyclicBarrier start = new CyclicBarrier(CALLERS);
      List<Counted> calls = new ArrayList<>();
      List<Future<?>> running = new ArrayList<>();
      for (int c = 0; c < CALLERS; c++) {
        Counted call =
            new Counted(Bundles.rows(name, random, 1 + random.nextInt(9)), never, never) {
              @Override
              public void answered(Prediction prediction) {
                super.answered(prediction);
                if (left.decrementAndGet() == 0) {
                  model.closeWhenIdle();
                }
                ended.countDown();
              }
            };
        calls.add(call);
        running.add(
            threads.submit(
                () -> {
                  start.await();
                  model.submit(call, null);
                  return null;
                }));
      }
      for (Future<?> one : running) {
        one.get(60, TimeUnit.SECONDS);
      }
      assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
      threads.submit(model::close).get(60, TimeUnit.SECONDS);

      assertThat(calls).allSatisfy(call -> assertThat(call.ends()).isEqualTo(1));
      assertThat(model.isClosed()).isTrue();
    }
  }

  /** So many microseconds, so that closing falls everywhere among the calls. */
  private static void spin(int micros) {
    long end = System.nanoTime() + micros * 1_000L;
    while (System.nanoTime() - end < 0) {
      Thread.onSpinWait();
    }
  }
}
