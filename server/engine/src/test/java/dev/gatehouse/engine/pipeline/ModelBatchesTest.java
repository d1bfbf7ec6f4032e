package dev.gatehouse.engine.pipeline;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.engine.schedule.RunCost;
import dev.gatehouse.engine.schedule.Workers;
import dev.gatehouse.engine.tensor.Rows;
import dev.gatehouse.engine.testing.PendingCall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which rows go together, by how many workers are free to run them. */
class ModelBatchesTest {
  private static final RunCost DEAR = new RunCost(1e6, 8e5);
  private static final RunCost CHEAP = new RunCost(1e4, 1e3);

  private final Workers workers = new Workers(1);
  private final List<Integer> ran = new ArrayList<>();

  @AfterEach
  void close() {
    workers.close();
  }

  private ModelBatches queue(RunCost cost) {
    return new ModelBatches(
        workers,
        new BatchLimits(64, 1_000, Duration.ofMillis(50)),
        cost,
        calls -> ran.add(calls.stream().mapToInt(call -> call.rows().count()).sum()));
  }

  private static void add(ModelBatches queue, int rows) {
    assertThat(queue.add(PendingCall.of(Rows.of(rows, new float[rows])))).isTrue();
  }

  private static void take(ModelBatches queue, int free) {
    requireNonNull(queue.take(System.nanoTime(), free)).run();
  }

  @Test
  void shouldShareTheRowsOfACallAmongAllFreeWorkers() {
    ModelBatches queue = queue(DEAR);
    add(queue, 16);

    for (int free = 3; free > 0; free--) {
      take(queue, free);
    }

    assertThat(ran).containsExactly(6, 5, 5);
    assertThat(queue.holdsWork()).isFalse();
  }

  @Test
  void shouldShareCallsAmongAllFreeWorkers() {
    ModelBatches queue = queue(DEAR);
    for (int i = 0; i < 8; i++) {
      add(queue, 1);
    }

    take(queue, 2);
    take(queue, 1);

    assertThat(ran).containsExactly(4, 4);
  }

  @Test
  void shouldLeaveTogetherWhatTakesNoTime() {
    ModelBatches queue = queue(CHEAP);
    add(queue, 16);

    take(queue, 8);

    assertThat(ran).containsExactly(16);
  }

  @Test
  void shouldTakeAllWhereNoOtherWorkerIsFree() {
    ModelBatches queue = queue(DEAR);
    add(queue, 16);
    add(queue, 16);

    take(queue, 1);

    assertThat(ran).containsExactly(32);
  }
}
