package dev.gatehouse.trainer.cli;

import dev.gatehouse.proto.cli.Output;
import dev.gatehouse.proto.cli.Progress;
import dev.gatehouse.trainer.data.download.DownloadListener;
import dev.gatehouse.trainer.data.download.Megabytes;
import dev.gatehouse.trainer.data.download.ReleasedFile;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** Shows downloads: a line for each file before it is asked for, and a bar in a terminal. */
public final class DownloadProgress implements DownloadListener, AutoCloseable {
  private final Output output;
  private @Nullable ReleasedFile file;
  private @Nullable Progress bar;

  /** Shows them where {@code output} does. */
  public DownloadProgress(Output output) {
    this.output = output;
  }

  @Override
  public void started(ReleasedFile wanted, URI address, long there) {
    close();
    file = wanted;
    output.note(
        "downloading %s (%s%s) from %s"
            .formatted(
                wanted.name(),
                Megabytes.text(wanted.bytes()),
                there == 0 ? "" : ", " + Megabytes.text(there) + " of it are there",
                address));
  }

  @Override
  public void reached(long bytes) {
    if (bar == null && file != null) {
      bar = Progress.startBytes(file.name(), file.bytes(), bytes);
    }
    if (bar != null) {
      bar.stepTo(bytes);
    }
  }

  @Override
  public void finished() {
    close();
  }

  @Override
  public void warned(String line) {
    close();
    output.note("warning: " + line);
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }
}
