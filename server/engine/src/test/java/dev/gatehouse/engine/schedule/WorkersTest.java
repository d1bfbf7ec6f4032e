package dev.gatehouse.engine.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WorkersTest {
  /** Work that was offered, in order. */
  private record Work(Queue<Runnable> queue) implements WorkSource {
    Work() {
      this(new ArrayDeque<>());
    }

    @Override
    public Runnable take(long now, int free) {
      return queue.poll();
    }

    @Override
    public boolean holdsWork() {
      return !queue.isEmpty();
    }

    void offer(Workers workers, Runnable work) {
      assertThat(workers.offer(() -> queue.add(work))).isTrue();
    }
  }

  @Test
  void shouldDoEachPieceOnceHoweverManyOffer() throws Exception {
    AtomicInteger done = new AtomicInteger();
    CountDownLatch all = new CountDownLatch(4000);
    try (Workers workers = new Workers(3)) {
      Work source = new Work();
      workers.add(source);
      List<Thread> offering = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        Thread thread =
            new Thread(
                () -> {
                  for (int i = 0; i < 1000; i++) {
                    source.offer(
                        workers,
                        () -> {
                          done.incrementAndGet();
                          all.countDown();
                        });
                  }
                });
        offering.add(thread);
        thread.start();
      }
      assertThat(all.await(30, TimeUnit.SECONDS)).isTrue();
      for (Thread thread : offering) {
        thread.join();
      }
    }
    assertThat(done).hasValue(4000);
  }

  @Test
  void shouldLetAQuietModelGoBeforeABusyOne() throws Exception {
    List<String> order = Collections.synchronizedList(new ArrayList<>());
    CountDownLatch all = new CountDownLatch(12);
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch offered = new CountDownLatch(1);
    try (Workers workers = new Workers(1)) {
      Work busy = new Work();
      Work quiet = new Work();
      workers.add(busy);
      workers.add(quiet);
      busy.offer(
          workers,
          () -> {
            started.countDown();
            await(offered);
          });
      started.await();
      for (int i = 0; i < 10; i++) {
        busy.offer(workers, piece("busy", order, all));
      }
      quiet.offer(workers, piece("quiet", order, all));
      quiet.offer(workers, piece("quiet", order, all));
      offered.countDown();
      assertThat(all.await(30, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(order.subList(0, 1)).containsExactly("quiet");
  }

  @Test
  void shouldStopOnceNothingIsLeftToDo() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    AtomicInteger done = new AtomicInteger();
    Workers workers = new Workers(1);
    Work source = new Work();
    workers.add(source);
    source.offer(
        workers,
        () -> {
          started.countDown();
          await(go);
          done.incrementAndGet();
        });
    source.offer(workers, done::incrementAndGet);
    started.await();
    Thread closing = new Thread(workers::close);
    closing.start();
    while (closing.getState() == Thread.State.RUNNABLE || closing.getState() == Thread.State.NEW) {
      Thread.onSpinWait();
    }
    go.countDown();
    closing.join();
    workers.close();

    assertThat(done).as("whoever waits hears of its end").hasValue(2);
  }

  @Test
  void shouldWorkOnAfterWorkThatThrows() throws Exception {
    List<Throwable> told = Collections.synchronizedList(new ArrayList<>());
    Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> told.add(thrown));
    CountDownLatch done = new CountDownLatch(1);
    StackOverflowError error = new StackOverflowError("its own");
    try (Workers workers = new Workers(1)) {
      Work source = new Work();
      workers.add(source);
      source.offer(
          workers,
          () -> {
            throw error;
          });
      source.offer(workers, done::countDown);

      assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(before);
    }
    assertThat(told).containsExactly(error);
  }

  /** Nobody knows yet what the first piece takes, and both models have used nothing. */
  @Test
  void shouldNotGiveAllWorkersToOneOfTwoModelsThatHaveUsedAsMuch() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    CountDownLatch quick = new CountDownLatch(1);
    try (Workers workers = new Workers(2)) {
      Work heavy = new Work();
      Work light = new Work();
      workers.add(heavy);
      workers.add(light);
      workers.change(
          () -> {
            heavy.queue().add(() -> await(go));
            heavy.queue().add(() -> await(go));
            light.queue().add(quick::countDown);
          });

      boolean wentBeside = quick.await(30, TimeUnit.SECONDS);
      go.countDown();
      assertThat(wentBeside).as("beside the heavy model").isTrue();
    }
  }

  @Test
  void shouldWorkOnAfterASourceThatThrows() throws Exception {
    List<Throwable> told = Collections.synchronizedList(new ArrayList<>());
    Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> told.add(thrown));
    CountDownLatch done = new CountDownLatch(1);
    OutOfMemoryError error = new OutOfMemoryError("its own");
    AtomicInteger asked = new AtomicInteger();
    WorkSource source =
        new WorkSource() {
          @Override
          public @Nullable Runnable take(long now, int free) {
            return switch (asked.incrementAndGet()) {
              case 1 -> throw error;
              case 2 -> done::countDown;
              default -> null;
            };
          }

          @Override
          public boolean holdsWork() {
            return false;
          }
        };
    try (Workers workers = new Workers(1)) {
      workers.add(source);

      assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(before);
    }
    assertThat(told).containsExactly(error);
  }

  /** A call of many rows is offered once, and is work for all. */
  @Test
  void shouldWakeTheNextWorkerWhileWorkIsLeft() throws Exception {
    CyclicBarrier together = new CyclicBarrier(3);
    CountDownLatch met = new CountDownLatch(3);
    Runnable meet =
        () -> {
          try {
            together.await(30, TimeUnit.SECONDS);
            met.countDown();
          } catch (Exception e) {
            Thread.currentThread().interrupt();
          }
        };
    try (Workers workers = new Workers(3)) {
      Told source = new Told(new Work());
      source.addToAllOf(workers);

      workers.offer(() -> source.work().queue().addAll(List.of(meet, meet, meet)));

      assertThat(met.await(30, TimeUnit.SECONDS)).as("all three at the same time").isTrue();
    }
  }

  @Test
  void shouldTellASourceHowManyWorkersAreFree() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    List<@Nullable Integer> free = new ArrayList<>();
    Told source = new Told(new Work());
    try (Workers workers = new Workers(3)) {
      source.addToAllOf(workers);
      for (int i = 0; i < 3; i++) {
        source.work().offer(workers, () -> await(go));
        free.add(source.whenTaken().poll(30, TimeUnit.SECONDS));
      }
      // Before the workers are closed, which wait for it.
      go.countDown();
    }
    assertThat(free).containsExactly(3, 2, 1);
  }

  /** Work, and how many workers were free when it was taken and when there was none. */
  private record Told(Work work, BlockingQueue<Integer> whenTaken, BlockingQueue<Integer> whenNot)
      implements WorkSource {
    Told(Work work) {
      this(work, new LinkedBlockingQueue<>(), new LinkedBlockingQueue<>());
    }

    @Override
    public @Nullable Runnable take(long now, int free) {
      Runnable taken = work.take(now, free);
      (taken == null ? whenNot : whenTaken).add(free);
      return taken;
    }

    @Override
    public boolean holdsWork() {
      return work.holdsWork();
    }

    /** Returns once all threads have started and found nothing to do. */
    void addToAllOf(Workers workers) throws InterruptedException {
      workers.add(this);
      Integer free;
      do {
        free = whenNot.poll(30, TimeUnit.SECONDS);
        assertThat(free).as("a worker asked").isNotNull();
      } while (free < workers.size());
    }
  }

  private static Runnable piece(String name, List<String> order, CountDownLatch all) {
    return () -> {
      order.add(name);
      all.countDown();
    };
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
