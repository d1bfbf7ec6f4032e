package dev.gatehouse.proto.cli;

import java.text.DecimalFormat;
import java.time.Duration;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** A progress bar on standard error; silent where that is no terminal. */
public final class Progress implements AutoCloseable {
  /** The launcher sets this property to true when standard error is a terminal. */
  private static final String TERMINAL = "gatehouse.terminal";

  private static final long KILOBYTE = 1_000;

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
    return start(builder(task, steps));
  }

  /**
   * Starts a bar of {@code bytes} bytes, which counts kilobytes and shows the speed.
   *
   * @param task what is done, a few words
   * @param done bytes that were there before
   */
  public static Progress startBytes(String task, long bytes, long done) {
    return start(
        builder(task, bytes)
            .startsFrom(done, Duration.ZERO)
            .setUnit(" kB", KILOBYTE)
            .showSpeed(new DecimalFormat("0")));
  }

  private static ProgressBarBuilder builder(String task, long most) {
    return new ProgressBarBuilder()
        .setTaskName(task)
        .setInitialMax(most)
        .setStyle(ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(200);
  }

  private static Progress start(ProgressBarBuilder builder) {
    return new Progress(isShown() ? builder.build() : null);
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

  /** Goes to {@code done} steps or bytes of all. */
  public void stepTo(long done) {
    if (bar != null) {
      bar.stepTo(done);
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
