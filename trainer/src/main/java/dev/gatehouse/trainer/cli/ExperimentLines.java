package dev.gatehouse.trainer.cli;

import dev.gatehouse.proto.cli.Output;
import dev.gatehouse.proto.cli.Progress;
import dev.gatehouse.trainer.data.download.DownloadListener;
import dev.gatehouse.trainer.experiment.Cell;
import dev.gatehouse.trainer.experiment.CellResult;
import dev.gatehouse.trainer.experiment.ExperimentListener;
import dev.gatehouse.trainer.experiment.SplitFigures;
import dev.gatehouse.trainer.experiment.View;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** Tells how an experiment goes: a bar over the cells in a terminal, elsewhere a line for each. */
final class ExperimentLines implements ExperimentListener, AutoCloseable {
  private final Output output;
  private final DownloadProgress downloads;
  private @Nullable Progress bar;
  private int cells;

  ExperimentLines(Output output) {
    this.output = output;
    this.downloads = new DownloadProgress(output);
  }

  @Override
  public DownloadListener downloads() {
    return downloads;
  }

  @Override
  public void started(int all, int done, OptionalDouble seconds) {
    cells = all;
    output.note(done + " of " + all + " cells are done" + about(all - done, seconds));
    bar = Progress.start("cells", all - done);
  }

  @Override
  public void outdated(String change) {
    output.note("runs again: " + change);
  }

  @Override
  public void finished(Cell cell, CellResult result) {
    if (!Progress.isShown()) {
      figures(cell, result).forEach(output::note);
    }
  }

  @Override
  public void failed(Cell cell, String why) {
    output.note("failed: " + cell.id() + ": " + why);
  }

  @Override
  public void left(int left, OptionalDouble seconds) {
    if (bar != null && Progress.isShown()) {
      bar.step(about(left, seconds));
    } else {
      output.note(cells - left + " of " + cells + about(left, seconds));
    }
  }

  @Override
  public void close() {
    downloads.close();
    if (bar != null) {
      bar.close();
    }
  }

  /** What came of a cell. */
  static List<String> figures(Cell cell, CellResult result) {
    CellResult.Figures figures = result.figures();
    if (figures == null) {
      return List.of(cell.id() + "  " + result.failure());
    }
    View view = cell.view();
    SplitFigures test = figures.test();
    return List.of(
        String.format(
            Locale.ROOT,
            "%s  error: held out %.2f%%, test %.2f%%  I(E;Y) %.3f  H_s %.3f  H_u %.3f  weights %s "
                + " %.0f s",
            cell.id(),
            100 * figures.validation().error(view),
            100 * test.error(view),
            test.information(),
            test.sampleEntropy(view),
            test.usageEntropy(view),
            weights(result),
            figures.seconds()));
  }

  /** The first letters of the weights' sha256. */
  static String weights(CellResult result) {
    CellResult.Figures figures = result.figures();
    return figures == null ? "none" : figures.weights().substring(0, 12);
  }

  private static String about(int left, OptionalDouble seconds) {
    if (left == 0 || seconds.isEmpty()) {
      return "";
    }
    Duration time = Duration.ofSeconds(Math.round(seconds.getAsDouble()));
    if (time.toMinutes() < 2) {
      return ", about " + time.toSeconds() + " s left";
    }
    return time.toHours() == 0
        ? ", about " + time.toMinutes() + " min left"
        : String.format(
            Locale.ROOT, ", about %d h %02d min left", time.toHours(), time.toMinutesPart());
  }
}
