package dev.gatehouse.trainer.data.download;

import java.net.URI;
import java.util.List;
import java.util.stream.Collectors;

/** A home does not give a file, and will not if it is asked again. */
final class HomeFailed extends Exception {
  private static final long serialVersionUID = 1L;

  HomeFailed(URI address, String reason) {
    super(address + ": " + reason);
  }

  HomeFailed(URI address, String reason, Throwable cause) {
    super(address + ": " + reason, cause);
  }

  private HomeFailed(String message) {
    super(message);
  }

  /** All of {@code homes} failed. */
  static HomeFailed all(List<HomeFailed> homes) {
    HomeFailed all =
        new HomeFailed(
            homes.stream()
                .map(home -> String.valueOf(home.getMessage()))
                .collect(Collectors.joining("; ")));
    homes.forEach(all::addSuppressed);
    return all;
  }
}
