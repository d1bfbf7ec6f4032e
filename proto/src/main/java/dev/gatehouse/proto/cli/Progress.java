package dev.gatehouse.proto.cli;

import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** A progress bar on standard error; silent where that is no terminal. */
public final class Progress implements AutoCloseable {
  /** The launcher sets this property to true when standard error is a terminal. */
  private static final String TERMINAL = "gatehouse.terminal";

  private final @Nullable ProgressBar bar;

  private Progress(@Nullable ProgressBar bar) {
    this.bar = bar;
  }

  /**
   * Starts a bar of {@code steps} steps.
   *
   * @param task what is done, a few words
   */
  public static Progress start(String task, long steps) {
    if (!isShown()) {
      return new Progress(null);
    }
    return new Progress(
        new ProgressBarBuilder()
            .setTaskName(task)
            .setInitialMax(steps)
            .setStyle(ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(200)
            .build());
  }

  /** True where bars are shown: standard error is a terminal. */
  public static boolean isShown() {
    return Boolean.getBoolean(TERMINAL);
  }

  /** One step further; {@code message} stands behind the bar. */
  public void step(String message) {
    if (bar != null) {
      bar.setExtraMessage(message);
      bar.step();
    }
  }

  /** Takes the bar down; a second call does nothing. */
  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
