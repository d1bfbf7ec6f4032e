package dev.gatehouse.engine.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.engine.experts.ExpertMemory;
import dev.gatehouse.engine.schedule.Policy;
import dev.gatehouse.engine.schedule.Workers;
import dev.gatehouse.engine.tensor.Prediction;
import dev.gatehouse.engine.tensor.Routing;
import dev.gatehouse.engine.tensor.Rows;
import dev.gatehouse.engine.testing.Bundles;
import dev.gatehouse.engine.testing.PendingCall;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.bundle.Bundle;
import dev.gatehouse.proto.bundle.Manifest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Models whose experts are not all in memory at once. */
class ResidencyTest {
  private static final int PIXELS = 64;

  /** Counts what comes and goes, and whether more was there at once than may be. */
  private static class Memory implements PredictionListener {
    final AtomicInteger loads = new AtomicInteger();
    final AtomicInteger evictions = new AtomicInteger();

    @Override
    public void predicted(Routing routing, Computed computed) {}

    @Override
    public void loaded(int e, long nanos) {
      loads.incrementAndGet();
      assertThat(nanos).isPositive();
    }

    @Override
    public void evicted(int e) {
      evictions.incrementAndGet();
    }
  }

  private static long bytesOf(Path bundle, int experts) {
    Manifest manifest = Bundle.open(bundle).manifest();
    long largest =
        manifest.graphs().experts().stream()
            .mapToLong(graph -> ExpertMemory.loaded(manifest.bytesOf(graph)))
            .max()
            .orElseThrow();
    return experts * largest;
  }

  /** ONNX Runtime makes floats of them when it loads a graph, but for those of integer layers. */
  @ParameterizedTest
  @CsvSource({"tiny-top1, 1", "tiny-int8, 4", "tiny-w8a8, 1.2"})
  void shouldCountRoundedWeightsAsTheFloatsThatTheyBecome(String name, double growth) {
    Path bundle = Bundles.of(name);
    EngineOptions options =
        EngineOptions.defaults().withExpertMemory((long) (2 * growth * bytesOf(bundle, 1)));

    try (MoeModel model = MoeModel.open(bundle, options)) {
      assertThat(model.manifest().experts()).isEqualTo(3);
      assertThat(model.residentExperts()).isEqualTo(2);
    }
  }

  private static Rows rows(Random random, int count) {
    byte[] pixels = new byte[count * PIXELS];
    random.nextBytes(pixels);
    return Rows.ofUint8(count, ByteBuffer.wrap(pixels));
  }

  @ParameterizedTest
  @CsvSource({
    "tiny-top1, 1",
    "tiny-top1, 2",
    "tiny-top2, 1",
    "tiny-top2, 2",
    "tiny-certified, 1",
    "tiny-certified, 2"
  })
  void shouldAnswerAsIfAllExpertsWereInMemory(String name, int experts) throws Exception {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    Path bundle = Bundles.of(name);
    Memory memory = new Memory();
    ExecutorService callers = Executors.newFixedThreadPool(4);
    try (Workers workers = new Workers(2);
        MoeModel all = MoeModel.open(bundle);
        MoeModel few =
            MoeModel.open(
                bundle,
                EngineOptions.defaults()
                    .withWorkers(workers)
                    .withPolicy(Policy.PER_TICK)
                    .withListener(memory)
                    .withExpertMemory(bytesOf(bundle, experts)))) {
      assertThat(few.policy()).as("no event loop waits for a load").isEqualTo(Policy.PER_EXPERT);
      List<Callable<Void>> calls = new ArrayList<>();
      for (int i = 0; i < 120; i++) {
        Rows rows = Bundles.rows(name, random, 1 + random.nextInt(6));
        boolean submitted = random.nextBoolean();
        float[] expected = all.predict(rows).probabilities();
        calls.add(
            () -> {
              Prediction found = submitted ? submit(few, rows) : few.predict(rows);
              assertThat(found.probabilities())
                  .as("seed %d", seed)
                  .usingComparatorWithPrecision(1e-5f)
                  .containsExactly(expected);
              return null;
            });
      }
      for (Future<Void> call : callers.invokeAll(calls)) {
        call.get(60, TimeUnit.SECONDS);
      }

      assertThat(few.residentExperts()).isBetween(1, experts);
      assertThat(memory.evictions).as("seed %d", seed).hasPositiveValue();
      assertThat(memory.loads.get() - memory.evictions.get()).isEqualTo(few.residentExperts());
    } finally {
      callers.shutdownNow();
    }
  }

  private static Prediction submit(MoeModel model, Rows rows) throws Exception {
    PendingCall call = PendingCall.of(rows);
    model.submit(call, null);
    return call.answer().get(60, TimeUnit.SECONDS);
  }

  @Test
  void shouldHoldTheExpertsThatWereUsedMostAtTrainingTimeFirst() {
    Path bundle = Bundles.of("tiny-top1");
    List<Integer> loaded = new ArrayList<>();
    PredictionListener listener =
        new PredictionListener() {
          @Override
          public void predicted(Routing routing, Computed computed) {}

          @Override
          public void loaded(int e, long nanos) {
            loaded.add(e);
          }
        };
    try (MoeModel model =
        MoeModel.open(
            bundle,
            EngineOptions.defaults().withListener(listener).withExpertMemory(bytesOf(bundle, 1)))) {
      List<Double> share = model.manifest().baseline().share();
      int most = share.indexOf(share.stream().max(Double::compare).orElseThrow());
      assertThat(loaded).containsExactly(most);
    }
  }

  /** The loader is held up until the workers have been told to stop. */
  @Test
  @Timeout(value = 90, threadMode = ThreadMode.SEPARATE_THREAD) // a lost call is closed for ever
  void shouldAnswerRowsWhoseExpertIsLoadedWhileTheWorkersClose() throws Exception {
    CountDownLatch opened = new CountDownLatch(1);
    CountDownLatch loading = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    Memory memory =
        new Memory() {
          @Override
          public void loaded(int e, long nanos) {
            if (opened.getCount() == 0) {
              loading.countDown();
              assertThat(reached(go)).isTrue();
            }
          }
        };
    Path bundle = Bundles.of("tiny-top1");
    Workers workers = new Workers(2);
    Thread closing = new Thread(workers::close);
    try (MoeModel all = MoeModel.open(bundle);
        MoeModel few =
            MoeModel.open(
                bundle,
                EngineOptions.defaults()
                    .withWorkers(workers)
                    .withListener(memory)
                    .withExpertMemory(bytesOf(bundle, 1)))) {
      opened.countDown();
      Rows rows = rows(new Random(6), 16);
      PendingCall call = PendingCall.of(rows);
      few.submit(call, null);
      assertThat(reached(loading)).as("some row's expert is not in memory").isTrue();
      closing.start();
      while (closing.getState() != Thread.State.WAITING) {
        assertThat(closing.isAlive()).as("rows wait for an expert").isTrue();
        Thread.onSpinWait();
      }
      go.countDown();

      assertThat(call.answer().get(60, TimeUnit.SECONDS).probabilities())
          .usingComparatorWithPrecision(1e-5f)
          .containsExactly(all.predict(rows).probabilities());
      closing.join(TimeUnit.SECONDS.toMillis(60));
      assertThat(closing.isAlive()).isFalse();
    } finally {
      go.countDown();
    }
  }

  private static boolean reached(CountDownLatch latch) {
    try {
      return latch.await(60, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void shouldRefuseALimitThatNoExpertFits() {
    assertThatThrownBy(
            () ->
                MoeModel.open(
                    Bundles.of("tiny-top1"), EngineOptions.defaults().withExpertMemory(10)))
        .isInstanceOf(BadInput.class)
        .hasMessageMatching("the largest expert takes [0-9,]+ bytes of memory; .* is 10");
  }

  @Test
  void shouldFailOnlyTheRowsWhoseExpertCannotBeLoaded(@TempDir Path folder) throws Exception {
    Path bundle = copy(Bundles.of("tiny-top1"), folder);
    Random random = new Random(5);
    try (Workers workers = new Workers(2);
        MoeModel all = MoeModel.open(bundle);
        MoeModel few =
            MoeModel.open(
                bundle,
                EngineOptions.defaults()
                    .withWorkers(workers)
                    .withExpertMemory(bytesOf(bundle, 1)))) {
      Rows warm = null;
      Rows cold = null;
      List<Double> share = few.manifest().baseline().share();
      int resident = share.indexOf(share.stream().max(Double::compare).orElseThrow());
      while (warm == null || cold == null) {
        Rows row = rows(random, 1);
        if (all.predict(row).routing().expertIndices()[0] == resident) {
          warm = row;
        } else {
          cold = row;
        }
      }
      int missing = all.predict(cold).routing().expertIndices()[0];
      Path file = bundle.resolve(few.manifest().graphs().experts().get(missing));
      Path away = Files.move(file, folder.resolve("away"));
      Rows gone = cold;

      assertThatThrownBy(() -> few.predict(gone))
          .hasMessageStartingWith("expert " + missing + " cannot be loaded: ");
      assertThatThrownBy(() -> submit(few, gone))
          .cause()
          .hasMessageStartingWith("expert " + missing + " cannot be loaded: ");
      assertThat(submit(few, warm).classIndices()).isEqualTo(all.predict(warm).classIndices());

      Files.move(away, file);
      assertThat(submit(few, cold).classIndices()).isEqualTo(all.predict(cold).classIndices());
    }
  }

  private static Path copy(Path from, Path to) throws IOException {
    Path target = to.resolve("bundle");
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path copy = target.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(file, copy);
        }
      }
    }
    return target;
  }
}
