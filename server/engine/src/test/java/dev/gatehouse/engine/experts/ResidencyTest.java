package dev.gatehouse.engine.experts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.engine.runtime.Optimisation;
import dev.gatehouse.engine.runtime.PinnedRows;
import dev.gatehouse.engine.runtime.Session;
import dev.gatehouse.engine.runtime.SessionSettings;
import dev.gatehouse.engine.testing.Bundles;
import dev.gatehouse.proto.bundle.Bundle;
import dev.gatehouse.proto.bundle.Manifest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Three experts of the same size, of which two fit into memory: at first 0 and 1. */
class ResidencyTest {
  private static final int EXPERTS = 3;

  private final Bundle bundle = Bundle.open(Bundles.of("tiny-top1"));
  private final Manifest manifest = bundle.manifest();
  private final Loads loads = new Loads();
  private final Experts experts =
      new Experts(
          new ExpertMemory(2, List.of(1L, 1L, 1L), List.of(0.5, 0.3, 0.2)), this::open, loads);
  private final PinnedRows in =
      new PinnedRows(manifest.input().name(), manifest.input().shape().dims());
  private final PinnedRows out =
      new PinnedRows(Manifest.PROBABILITIES, List.of(manifest.classes().size()));

  /** Hears of loads; more than one of an expert without an eviction between them is wrong. */
  private static final class Loads implements ResidencyListener {
    final List<String> events = Collections.synchronizedList(new ArrayList<>());
    final boolean[] there = new boolean[EXPERTS];
    final AtomicReference<@Nullable String> wrong = new AtomicReference<>();

    @Override
    public void loaded(int e, long nanos) {
      events.add("+" + e);
      if (there[e]) {
        wrong.set("expert " + e + " was loaded twice");
      }
      there[e] = true;
    }

    @Override
    public void evicted(int e) {
      events.add("-" + e);
      there[e] = false;
    }
  }

  private Session open(int e) {
    return Session.open(
        bundle.file(manifest.graphs().experts().get(e)),
        manifest.input().name(),
        manifest.input().shape().dims(),
        Map.of(Manifest.PROBABILITIES, List.of(manifest.classes().size())),
        SessionSettings.of(Optimisation.ALL));
  }

  @AfterEach
  void close() {
    experts.close();
    in.close();
    out.close();
  }

  private static void await(String what, BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - end).as("waiting for " + what).isNegative();
      Thread.sleep(1);
    }
  }

  private boolean isThere(int e) {
    for (int there : experts.resident()) {
      if (there == e) {
        return true;
      }
    }
    return false;
  }

  private void run(int e) {
    experts.run(e, in, 1, out);
  }

  /** Whoever asks for an expert at the moment it comes must not have it loaded once more. */
  @Test
  void shouldLoadAnExpertOnceHoweverManyAskForIt() throws Exception {
    long seed = new Random().nextLong();
    AtomicInteger asked = new AtomicInteger();
    ExecutorService asking = Executors.newFixedThreadPool(3);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int t = 0; t < 3; t++) {
        Random random = new Random(seed + t);
        all.add(
            asking.submit(
                () -> {
                  long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
                  while (System.nanoTime() - end < 0) {
                    int e = random.nextInt(EXPERTS);
                    asked.incrementAndGet();
                    // A use that ends at once: it may be evicted.
                    if (experts.keep(e)) {
                      experts.release(e);
                    } else {
                      while (!experts.isReady(e) && System.nanoTime() - end < 0) {
                        Thread.onSpinWait();
                      }
                    }
                  }
                }));
      }
      for (Future<?> one : all) {
        one.get(60, TimeUnit.SECONDS);
      }
    } finally {
      asking.shutdownNow();
    }

    assertThat(loads.wrong.get()).as("seed %d, asked %d times", seed, asked.get()).isNull();
    assertThat(loads.events.size()).as("seed %d: experts came and went", seed).isGreaterThan(20);
  }

  @Test
  void shouldNotKeepAnExpertThatNobodyCameForInPlaceOfOneThatIsUsed() throws Exception {
    in.reserve(1);
    for (int i = 0; i < 100; i++) {
      run(0);
    }
    run(1);
    assertThat(experts.isReady(2)).isFalse();
    await("expert 2", () -> isThere(2));
    // The rows that it was loaded for were cancelled.
    TimeUnit.MILLISECONDS.sleep(1_200);
    run(1);

    assertThat(loads.events).containsExactly("+0", "+1", "-1", "+2", "-2", "+1");
  }

  @Test
  void shouldNotEvictAnExpertThatIsKept() throws Exception {
    assertThat(experts.keep(0)).isTrue();
    assertThat(experts.keep(1)).isTrue();
    assertThat(experts.keep(2)).as("it is to be loaded first").isFalse();
    TimeUnit.MILLISECONDS.sleep(200);
    assertThat(experts.resident()).containsExactly(0, 1);

    experts.release(1);
    await("expert 2", () -> isThere(2));
    assertThat(experts.resident()).containsExactly(0, 2);
    experts.release(0);
  }

  @Test
  void shouldNotCountRowsThatNobodySent() throws Exception {
    in.reserve(1);
    for (int i = 0; i < 100; i++) {
      experts.rehearse(1, in, 1, out);
    }
    run(0);
    assertThat(experts.isReady(2)).isFalse();
    await("expert 2", () -> isThere(2));

    assertThat(experts.resident()).containsExactly(0, 2);
  }

  @Test
  void shouldNotLoadAnExpertThatNoRowWaitsForAnyMore() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    experts.onLoad(
        e -> {
          asked.countDown();
          return false;
        });
    assertThat(experts.isReady(2)).isFalse();
    assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
    TimeUnit.MILLISECONDS.sleep(100);
    assertThat(loads.events).containsExactly("+0", "+1");

    experts.onLoad(e -> true);
    await("expert 2, which is wanted again", () -> experts.isReady(2));
    assertThat(loads.events).contains("+2");
  }

  @Test
  void shouldLoadAnExpertThatIsRunWhetherRowsQueueForItOrNot() {
    in.reserve(1);
    experts.onLoad(e -> false);

    run(2);

    assertThat(loads.events).contains("+2");
  }

  @Test
  void shouldTryAnExpertAgainThatCouldNotBeLoadedOnceItsRowsHaveGone() throws Exception {
    AtomicInteger tries = new AtomicInteger();
    try (Experts failing =
        new Experts(
            new ExpertMemory(2, List.of(1L, 1L, 1L), List.of(0.5, 0.3, 0.2)),
            e -> {
              if (e == 2 && tries.incrementAndGet() == 1) {
                throw new IllegalStateException("too many open files");
              }
              return open(e);
            },
            ResidencyListener.none())) {
      await("the failure", () -> failing.isReady(2));
      assertThat(tries).hasValue(1);
      assertThat(failing.keep(2)).as("for the rows that waited").isTrue();
      assertThat(failing.keep(2)).as("for others that waited").isTrue();
      failing.release(2);
      in.reserve(1);
      assertThatThrownBy(() -> failing.run(2, in, 1, out))
          .hasMessage("expert 2 cannot be loaded: too many open files");
      // The rows of the second are dropped before they run.
      failing.release(2);

      await("another try", () -> failing.isReady(2));
      failing.run(2, in, 1, out);
      assertThat(tries).hasValue(2);
    }
  }
}
