package dev.gatehouse.service.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.engine.pipeline.Overloaded;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Images that wait for a thread. */
class DecodingTest {
  private final CountDownLatch started = new CountDownLatch(1);
  private final CountDownLatch go = new CountDownLatch(1);

  private void hold() {
    started.countDown();
    try {
      go.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void shouldRefuseImagesThatAreMoreThanMayWaitAndTakeOthersAfterwards() throws Exception {
    CountDownLatch done = new CountDownLatch(3);
    try (Decoding decoding = new Decoding(1, 10)) {
      // What is being decoded waits no more.
      decoding.submit(7, this::hold);
      started.await();
      decoding.submit(6, done::countDown);
      decoding.submit(4, done::countDown);
      assertThatThrownBy(() -> decoding.submit(1, done::countDown))
          .isInstanceOf(Overloaded.class)
          .hasMessage("10 images wait to be decoded already; try again later");

      go.countDown();
      while (done.getCount() > 1) {
        Thread.onSpinWait();
      }
      decoding.submit(10, done::countDown);
      assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void shouldTakeARequestLargerThanAllThatMayWait() throws Exception {
    CountDownLatch done = new CountDownLatch(1);
    try (Decoding decoding = new Decoding(1, 10)) {
      decoding.submit(11, done::countDown);

      assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
    }
  }
}
