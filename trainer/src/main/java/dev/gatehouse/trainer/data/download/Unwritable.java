package dev.gatehouse.trainer.data.download;

import dev.gatehouse.proto.BadInput;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** What is said where the cache cannot be written. */
final class Unwritable {
  private Unwritable() {}

  static BadInput because(Path path, IOException failure) {
    return new BadInput(text(path, "cannot be written: " + reason(failure)), failure);
  }

  static BadInput because(Path path, String reason) {
    return new BadInput(text(path, reason));
  }

  private static String text(Path path, String reason) {
    return "%s: %s; name another cache folder with %s, or one that holds the files with --data-dir"
        .formatted(path, reason, DownloadEnvironment.CACHE);
  }

  private static String reason(IOException failure) {
    if (failure instanceof AccessDeniedException) {
      return "permission denied";
    }
    String told = failure instanceof FileSystemException file ? file.getReason() : null;
    return String.valueOf(told == null ? failure.getMessage() : told);
  }
}
