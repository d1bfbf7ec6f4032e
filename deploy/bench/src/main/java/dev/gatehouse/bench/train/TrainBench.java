package dev.gatehouse.bench.train;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.gatehouse.bench.measure.Median;
import dev.gatehouse.proto.network.ModelSpec;
import dev.gatehouse.proto.network.Network;
import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.run.Augment;
import dev.gatehouse.proto.run.Regularizers;
import dev.gatehouse.proto.run.Schedule;
import dev.gatehouse.proto.run.Training;
import dev.gatehouse.trainer.data.DataSet;
import dev.gatehouse.trainer.loop.StepMeter;
import dev.gatehouse.trainer.loop.StepTimes;
import dev.gatehouse.trainer.model.Initialisation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.ToDoubleFunction;

/**
 * Measures Gatehouse's training step and the plain loop's by turns, so that what else the machine
 * does slows both.
 *
 * @param rounds number of turns
 * @param data rows of the training set, which batches are drawn from
 */
public record TrainBench(int rounds, int data) {
  static final double LEARNING_RATE = 1e-3;
  private static final int WARM_UP = 3;
  private static final int MATRIX = 512;
  private static final int COPIED = 32_000_000;

  /**
   * What a case measured; medians over the rounds.
   *
   * @param name of the case
   * @param experts number of experts, M
   * @param batch rows a step
   * @param samplesPerSecond rows that Gatehouse's step takes in a second
   * @param loopSamplesPerSecond rows that the plain loop takes
   * @param ratioToLoop the plain loop's time over Gatehouse's, by rounds
   * @param milliseconds Gatehouse's step
   * @param loopMilliseconds the plain loop's step
   * @param arithmeticMilliseconds how long its multiply-adds alone would take at {@link
   *     #multiplyAddsPerSecond}, three times those of the forward pass
   */
  public record Result(
      String name,
      int experts,
      int batch,
      double samplesPerSecond,
      double loopSamplesPerSecond,
      double ratioToLoop,
      StepTimes milliseconds,
      StepTimes loopMilliseconds,
      double arithmeticMilliseconds) {}

  /** Told how a measurement goes on. */
  @FunctionalInterface
  public interface Progress {
    /** A round of {@code experts} experts is over. */
    void round(String name, int experts);
  }

  /**
   * Measures a case.
   *
   * @param multiplyAddsPerSecond what the machine can do at best
   */
  public Result measure(
      BenchCase benchCase, int experts, double multiplyAddsPerSecond, Progress progress) {
    ModelSpec spec = benchCase.model(experts);
    Map<String, float[]> values = Initialisation.of(spec.parameters(), 1);
    DataSet rows = benchCase.data(spec, data, new Random(1));
    List<StepTimes> ours = new ArrayList<>();
    List<StepTimes> loop = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    try (StepMeter meter =
            new StepMeter(spec, values, rows, training(benchCase.batch()), Device.cpu());
        PlainLoop plain = new PlainLoop(spec, values, rows, LEARNING_RATE)) {
      Random random = new Random(2);
      for (int round = 0; round < WARM_UP + rounds; round++) {
        long[] indices = random.longs(benchCase.batch(), 0, data).toArray();
        StepTimes mine = meter.step(indices);
        StepTimes theirs = plain.step(indices);
        if (round >= WARM_UP) {
          ours.add(mine);
          loop.add(theirs);
          ratios.add(theirs.total() / mine.total());
        }
        progress.round(benchCase.name(), experts);
      }
    }
    StepTimes mine = medians(ours);
    StepTimes theirs = medians(loop);
    double adds = 3.0 * multiplyAdds(spec) * benchCase.batch();
    return new Result(
        benchCase.name(),
        experts,
        benchCase.batch(),
        1e3 * benchCase.batch() / mine.total(),
        1e3 * benchCase.batch() / theirs.total(),
        median(ratios, r -> r),
        mine,
        theirs,
        1e3 * adds / multiplyAddsPerSecond);
  }

  /** Rounds that {@link #measure} takes, with those that only warm up. */
  public int allRounds() {
    return WARM_UP + rounds;
  }

  /** Multiply-adds a second of a product of square matrices, the best of several. */
  public static double multiplyAddsPerSecond() {
    double best = Double.POSITIVE_INFINITY;
    try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
      NDArray a = manager.randomUniform(-1, 1, new Shape(MATRIX, MATRIX));
      for (int i = 0; i < 20; i++) {
        long start = System.nanoTime();
        a.matMul(a).close();
        best = Math.min(best, (System.nanoTime() - start) / 1e9);
      }
    }
    return Math.pow(MATRIX, 3) / best;
  }

  /**
   * Bytes a second of a copy of an array that no cache holds, read and written, the best of
   * several.
   */
  public static double copiedBytesPerSecond() {
    double best = Double.POSITIVE_INFINITY;
    try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
      NDArray from = manager.zeros(new Shape(COPIED));
      NDArray to = manager.zeros(new Shape(COPIED));
      for (int i = 0; i < 10; i++) {
        long start = System.nanoTime();
        from.copyTo(to);
        best = Math.min(best, (System.nanoTime() - start) / 1e9);
      }
    }
    return 2.0 * COPIED * Float.BYTES / best;
  }

  static Training training(int batch) {
    return new Training(
        Training.Loss.CROSS_ENTROPY,
        new RoutingRule.Dense(),
        false,
        Schedule.of(1),
        1,
        batch,
        1,
        Augment.NONE,
        Training.Optimizer.of(LEARNING_RATE),
        Regularizers.NONE,
        Training.Stopping.NEVER,
        null);
  }

  private static long multiplyAdds(ModelSpec spec) {
    Network gate = spec.gate().network();
    long gateAdds = gate == null ? 0 : gate.multiplyAdds(spec.input().shape(), spec.experts());
    return gateAdds
        + spec.experts() * spec.network().multiplyAdds(spec.input().shape(), spec.classes().size());
  }

  private static StepTimes medians(List<StepTimes> times) {
    return new StepTimes(
        median(times, StepTimes::data),
        median(times, StepTimes::forward),
        median(times, StepTimes::backward),
        median(times, StepTimes::optimizer));
  }

  private static <T> double median(List<T> values, ToDoubleFunction<T> number) {
    return Median.of(values.stream().mapToDouble(number).toArray());
  }
}
