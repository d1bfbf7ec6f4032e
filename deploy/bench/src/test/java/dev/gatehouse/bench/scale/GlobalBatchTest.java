package dev.gatehouse.bench.scale;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.engine.tensor.RowSource;
import dev.gatehouse.engine.tensor.Rows;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class GlobalBatchTest {
  private static final int MOST = 16;

  private static final class Answer implements Answering.Ended {
    final CountDownLatch ended = new CountDownLatch(1);
    final AtomicInteger ends = new AtomicInteger();
    volatile float @Nullable [] said;
    volatile @Nullable Throwable failure;

    @Override
    public void answered(float[] probabilities) {
      said = probabilities;
      end();
    }

    @Override
    public void failed(Throwable reason) {
      failure = reason;
      end();
    }

    private void end() {
      ends.incrementAndGet();
      ended.countDown();
    }

    Answer await() throws InterruptedException {
      assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
      return this;
    }
  }

  /** Two numbers a row come back as three that tell which row it was. */
  private static float[] threeOfTwo(RowSource rows) {
    FloatBuffer in = FloatBuffer.allocate(2 * rows.count());
    rows.write(0, rows.count(), in, 0);
    float[] out = new float[3 * rows.count()];
    for (int i = 0; i < rows.count(); i++) {
      out[3 * i] = in.get(2 * i);
      out[3 * i + 1] = in.get(2 * i + 1);
      out[3 * i + 2] = in.get(2 * i) + in.get(2 * i + 1);
    }
    return out;
  }

  @Test
  void shouldReturnEachRowToItsCaller() throws Exception {
    Queue<Integer> batches = new ConcurrentLinkedQueue<>();
    try (GlobalBatch global =
        new GlobalBatch(
            2,
            MOST,
            rows -> {
              batches.add(rows.count());
              return threeOfTwo(rows);
            })) {
      List<Thread> callers = new ArrayList<>();
      List<Answer> answers = new ArrayList<>();
      for (int caller = 0; caller < 4; caller++) {
        List<Answer> own = new ArrayList<>();
        int first = 1000 * caller;
        for (int i = 0; i < 500; i++) {
          own.add(new Answer());
        }
        Thread thread =
            new Thread(
                () -> {
                  for (int i = 0; i < own.size(); i++) {
                    global.submit(Rows.of(1, new float[] {first + i, 1}), own.get(i));
                  }
                });
        callers.add(thread);
        answers.addAll(own);
        thread.start();
      }
      for (Thread caller : callers) {
        caller.join();
      }

      for (int i = 0; i < answers.size(); i++) {
        float number = 1000 * (i / 500) + i % 500;
        Answer answer = answers.get(i).await();
        assertThat(answer.said).containsExactly(number, 1, number + 1);
        assertThat(answer.ends).hasValue(1);
      }
      assertThat(batches).allMatch(rows -> rows <= MOST);
      assertThat(batches.stream().mapToInt(rows -> rows).sum()).isEqualTo(answers.size());
    }
  }

  @Test
  void shouldTakeTogetherWhatWaits() throws Exception {
    Queue<Integer> batches = new ConcurrentLinkedQueue<>();
    CountDownLatch busy = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    try (GlobalBatch global =
        new GlobalBatch(
            1,
            MOST,
            rows -> {
              batches.add(rows.count());
              busy.countDown();
              awaitQuietly(go);
              return threeOfTwo(rows);
            })) {
      List<Answer> answers = new ArrayList<>();
      for (int i = 0; i < 1 + MOST + 3; i++) {
        Answer answer = new Answer();
        answers.add(answer);
        global.submit(Rows.of(1, new float[] {i, 0}), answer);
        busy.await();
      }
      go.countDown();
      for (Answer answer : answers) {
        answer.await();
      }

      assertThat(batches).containsExactly(1, MOST, 3);
    }
  }

  @Test
  void shouldTellEachCallerOfAFailureAndGoOn() throws Exception {
    AtomicInteger batches = new AtomicInteger();
    try (GlobalBatch global =
        new GlobalBatch(
            1,
            MOST,
            rows -> {
              if (batches.incrementAndGet() == 1) {
                throw new IllegalStateException("broken");
              }
              return threeOfTwo(rows);
            })) {
      Answer first = new Answer();
      global.submit(Rows.of(1, new float[] {1, 2}), first);
      assertThat(first.await().failure).hasMessage("broken");

      Answer second = new Answer();
      global.submit(Rows.of(1, new float[] {3, 4}), second);
      assertThat(second.await().said).containsExactly(3, 4, 7);
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
