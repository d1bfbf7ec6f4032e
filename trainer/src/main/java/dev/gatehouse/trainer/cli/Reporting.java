package dev.gatehouse.trainer.cli;

import dev.gatehouse.proto.cli.ExitCode;
import dev.gatehouse.proto.cli.Output;
import dev.gatehouse.proto.cli.Progress;
import dev.gatehouse.proto.run.EpochMetrics;
import dev.gatehouse.proto.run.RunFolder;
import dev.gatehouse.trainer.data.DataSet;
import dev.gatehouse.trainer.loop.Stop;
import dev.gatehouse.trainer.loop.StopOnSignal;
import dev.gatehouse.trainer.loop.Stopped;
import dev.gatehouse.trainer.loop.TrainingListener;
import java.io.IOException;
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
  public void warned(String message) {
    output.note("warning: " + message);
  }

  /** A training that reports and can be stopped. */
  @FunctionalInterface
  interface Task {
    RunFolder run(TrainingListener listener, Stop stop) throws IOException;
  }

  /** Runs a training to its end, or until a signal stops it, and prints what came of it. */
  static int run(String name, Output output, DataSet rows, Task task) throws IOException {
    RunFolder folder;
    try (StopOnSignal stop = new StopOnSignal()) {
      try (Reporting reporting = new Reporting(name, output)) {
        folder = task.run(reporting, stop);
      } catch (Stopped e) {
        output.note(String.valueOf(e.getMessage()));
        return ExitCode.STOPPED;
      }
    }
    RunSummary summary = RunSummary.of(folder, rows.families());
    summary.lines().forEach(output::text);
    output.text("run folder: " + folder.path());
    output.result(summary);
    return ExitCode.OK;
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }
}
