package dev.gatehouse.trainer.data.download;

import java.net.URI;

/** Told how downloads go, on the thread that asked for them. */
public interface DownloadListener {
  /** Hears nothing. */
  DownloadListener QUIET = new DownloadListener() {};

  /**
   * A file is asked for.
   *
   * @param file which one
   * @param address where
   * @param there bytes of it that an earlier try brought
   */
  default void started(ReleasedFile file, URI address, long there) {}

  /** So many bytes of the file are there; fewer than before where it had to begin again. */
  default void reached(long bytes) {}

  /** The file is there, and is what it should be. */
  default void finished() {}

  /** Something does not go as it should, and what is tried next; one line. */
  default void warned(String line) {}
}
