package dev.gatehouse.cli;

import dev.gatehouse.cli.quickstart.Stage;
import dev.gatehouse.cli.quickstart.StageListener;
import dev.gatehouse.proto.cli.Output;
import dev.gatehouse.proto.cli.Progress;
import dev.gatehouse.trainer.cli.DownloadProgress;
import dev.gatehouse.trainer.data.download.DownloadListener;
import dev.gatehouse.trainer.loop.TrainingListener;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Shows a quickstart as it goes: a bar a stage in a terminal, and a line behind each. */
final class QuickstartProgress implements StageListener, AutoCloseable {
  private final Output output;
  private final DownloadProgress downloads;
  private @Nullable Progress bar;
  private volatile Stage stage = Stage.DATA;

  QuickstartProgress(Output output) {
    this.output = output;
    this.downloads = new DownloadProgress(output);
  }

  @Override
  public void started(Stage next) {
    close();
    stage = next;
  }

  /** The stage that was started last. */
  Stage stage() {
    return stage;
  }

  @Override
  public void ended(Stage done, double seconds) {
    close();
    output.text(String.format(Locale.ROOT, "  %-24s %6.1f s", done.title(), seconds));
  }

  @Override
  public DownloadListener downloads() {
    return downloads;
  }

  @Override
  public TrainingListener training(Stage training) {
    return new TrainingListener() {
      @Override
      public void started(int epochs, int stepsPerEpoch) {
        bar = Progress.start(training.title(), (long) epochs * stepsPerEpoch);
      }

      @Override
      public void stepped(int epoch, int step, double loss) {
        step(String.format(Locale.ROOT, "epoch %d, loss %.4f", epoch, loss));
      }
    };
  }

  @Override
  public void answered(int done, int rows) {
    if (bar == null) {
      bar = Progress.start(Stage.PREDICT.title(), rows / 100);
    }
    step(done + " of " + rows + " rows");
  }

  private void step(String message) {
    if (bar != null) {
      bar.step(message);
    }
  }

  @Override
  public void close() {
    downloads.close();
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }
}
