package dev.gatehouse.proto.file;

import java.nio.file.Path;
import java.util.Map;

/** Where this machine keeps what can be made or fetched again. */
public final class CacheFolder {
  /** The variable that names the folder itself. */
  public static final String VARIABLE = "GATEHOUSE_CACHE";

  private CacheFolder() {}

  /** The folder of the user that this process belongs to; it may not exist yet. */
  public static Path ofThisUser() {
    return of(System.getenv(), Path.of(System.getProperty("user.home", "")));
  }

  /**
   * Reads {@code GATEHOUSE_CACHE} and {@code XDG_CACHE_HOME}; an empty one is as good as none.
   *
   * @param home the user's folder
   * @return an absolute path
   */
  public static Path of(Map<String, String> variables, Path home) {
    String own = variables.getOrDefault(VARIABLE, "");
    if (!own.isEmpty()) {
      return Path.of(own).toAbsolutePath().normalize();
    }
    // The XDG base directory specification: a relative path is to be ignored.
    Path caches = Path.of(variables.getOrDefault("XDG_CACHE_HOME", ""));
    return (caches.isAbsolute() ? caches : home.toAbsolutePath().resolve(".cache"))
        .resolve("gatehouse");
  }
}
