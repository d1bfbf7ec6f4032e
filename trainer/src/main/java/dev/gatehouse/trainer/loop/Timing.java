package dev.gatehouse.trainer.loop;

import ai.djl.Device;
import dev.gatehouse.proto.network.ModelSpec;
import dev.gatehouse.proto.run.Training;
import dev.gatehouse.trainer.data.DataSet;
import dev.gatehouse.trainer.data.LabelledRows;
import dev.gatehouse.trainer.model.Initialisation;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * How long a training will take, estimated from a few of its steps on rows at random, taken here
 * and now. What else the machine does later changes it.
 *
 * @param steps that were measured behind a warm-up
 * @param stepMilliseconds their median
 * @param epochSeconds of an epoch: its steps, and the held-out rows at its end
 * @param trainingSeconds of all epochs, and of measuring the finished model on all rows
 */
public record Timing(
    int steps, double stepMilliseconds, double epochSeconds, double trainingSeconds) {
  private static final int MOST_STEPS = 5;
  private static final int MOST_ROWS = 1000;

  /** Warm-up and measurement each stop behind so many seconds; a step more where one is longer. */
  private static final double MOST_SECONDS = 1;

  /** Takes the steps; about three seconds, or a few steps where these are slower. */
  static Timing of(ModelSpec spec, DataSet data, Training training, Device device) {
    int batch = Math.min(training.batch(), data.train().size());
    DataSet some = first(data, MOST_STEPS * batch);
    Random random = new Random(training.seed());
    try (StepMeter meter =
        new StepMeter(
            spec, Initialisation.of(spec.parameters(), training.seed()), some, training, device)) {
      List<Double> measured = List.of();
      for (int round = 0; round < 2; round++) {
        measured = steps(meter, random, batch, some.train().size());
      }
      double step = measured.get(measured.size() / 2);
      LabelledRows held = first(data.validation(), MOST_ROWS);
      meter.predict(held);
      double row = meter.predict(held) / held.size();
      return of(measured.size(), step, row, data, training);
    }
  }

  private static Timing of(int steps, double step, double row, DataSet data, Training training) {
    long perEpoch = (data.train().size() + training.batch() - 1L) / training.batch();
    double epoch = perEpoch * step + data.validation().size() * row;
    double rows = data.train().size() + data.validation().size() + (double) data.test().size();
    double all = training.epochs() * epoch + rows * row;
    return new Timing(steps, step, epoch / 1e3, all / 1e3);
  }

  /** Milliseconds of each step, sorted. */
  private static List<Double> steps(StepMeter meter, Random random, int batch, int rows) {
    List<Double> times = new ArrayList<>();
    long start = System.nanoTime();
    while (times.size() < MOST_STEPS && System.nanoTime() - start < MOST_SECONDS * 1e9) {
      times.add(meter.step(random.longs(batch, 0, rows).toArray()).total());
    }
    times.sort(null);
    return times;
  }

  private static DataSet first(DataSet data, int rows) {
    return new DataSet(
        data.name(),
        data.licence(),
        data.input(),
        data.classes(),
        data.families(),
        first(data.train(), rows),
        first(data.validation(), rows),
        first(data.test(), rows));
  }

  private static LabelledRows first(LabelledRows split, int rows) {
    return split.slice(0, Math.min(split.size(), rows));
  }
}
