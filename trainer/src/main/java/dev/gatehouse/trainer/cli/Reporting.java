package dev.gatehouse.trainer.cli;

import dev.gatehouse.proto.cli.Output;
import dev.gatehouse.proto.cli.Progress;
import dev.gatehouse.proto.run.EpochMetrics;
import dev.gatehouse.trainer.loop.TrainingListener;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Shows a run as it goes: a bar over the steps of an epoch, and a line behind each. */
final class Reporting implements TrainingListener, AutoCloseable {
  private final String task;
  private final Output output;
  private int steps;
  private @Nullable Progress bar;

  Reporting(String task, Output output) {
    this.task = task;
    this.output = output;
  }

  @Override
  public void started(int epochs, int stepsPerEpoch) {
    steps = stepsPerEpoch;
  }

  @Override
  public void stepped(int epoch, int step, double loss) {
    Progress now = bar;
    if (now == null) {
      now = Progress.start(task + ", epoch " + epoch, steps);
      bar = now;
    }
    now.step(String.format(Locale.ROOT, "loss %.4f", loss));
  }

  @Override
  public void epochEnded(EpochMetrics metrics) {
    close();
    output.text(
        String.format(
            Locale.ROOT,
            "epoch %3d  loss %.4f  error: train %.2f%%, held out %.2f%%  gate entropy %.3f bit,"
                + " usage %.3f bit  %.1f s",
            metrics.epoch(),
            metrics.loss(),
            100 * metrics.trainError(),
            100 * metrics.validationError(),
            metrics.sampleEntropy(),
            metrics.usageEntropy(),
            metrics.seconds()));
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }
}
