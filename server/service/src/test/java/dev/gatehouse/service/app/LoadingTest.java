package dev.gatehouse.service.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Something that another thread opens. */
class LoadingTest {
  private static final Duration AT_ONCE = Duration.ofMillis(1);
  private static final Duration AN_HOUR = Duration.ofHours(1);

  private final List<String> closed = Collections.synchronizedList(new ArrayList<>());

  @Test
  void shouldTellWhetherItEndedInTime() {
    CountDownLatch may = new CountDownLatch(1);
    try (Loading<String> loading = new Loading<>("test", () -> after(may), closed::add)) {
      assertThat(loading.endsWithin(AT_ONCE)).isFalse();
      may.countDown();
      assertThat(loading.endsWithin(AN_HOUR)).isTrue();
      assertThat(loading.await()).isEqualTo("model");
    }
    assertThat(closed).containsExactly("model");
  }

  @Test
  void shouldEndByFailingToo() {
    IllegalStateException fault = new IllegalStateException("no memory");
    try (Loading<String> loading =
        new Loading<>(
            "test",
            () -> {
              throw fault;
            },
            closed::add)) {
      assertThat(loading.endsWithin(AN_HOUR)).isTrue();
      assertThatThrownBy(loading::await).isSameAs(fault);
    }
    assertThat(closed).isEmpty();
  }

  private static String after(CountDownLatch may) {
    try {
      may.await();
      return "model";
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
