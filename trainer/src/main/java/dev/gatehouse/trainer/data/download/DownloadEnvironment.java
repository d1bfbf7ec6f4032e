package dev.gatehouse.trainer.data.download;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.file.CacheFolder;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where files are kept on this machine and where they come from, as environment variables say.
 *
 * @param cache the cache folder, absolute
 * @param mirror takes the place of every home, ends in a slash; null for the homes
 */
record DownloadEnvironment(Path cache, @Nullable String mirror) {
  static final String CACHE = CacheFolder.VARIABLE;
  static final String MIRROR = "GATEHOUSE_DATA_MIRROR";

  /**
   * Reads {@code GATEHOUSE_CACHE}, {@code XDG_CACHE_HOME} and {@code GATEHOUSE_DATA_MIRROR}; an
   * empty one is as good as none.
   *
   * @param home the user's folder
   * @throws BadInput when the mirror is no address
   */
  static DownloadEnvironment of(Map<String, String> variables, Path home) {
    String mirror = variables.getOrDefault(MIRROR, "");
    return new DownloadEnvironment(
        CacheFolder.of(variables, home), mirror.isEmpty() ? null : base(mirror));
  }

  private static String base(String mirror) {
    URI address;
    try {
      address = URI.create(mirror);
    } catch (IllegalArgumentException e) {
      throw new BadInput(MIRROR + " is no address: " + e.getMessage(), e);
    }
    String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
    boolean whole = address.getRawQuery() == null && address.getRawFragment() == null;
    if (!List.of("http", "https").contains(scheme) || address.getHost() == null || !whole) {
      throw new BadInput(
          MIRROR + " must be like https://host/path, the files below it; it is " + mirror);
    }
    if (address.getRawUserInfo() != null) {
      throw new BadInput(MIRROR + " names a user; a mirror is asked without one");
    }
    return mirror.endsWith("/") ? mirror : mirror + "/";
  }

  /** The folder of a release's files. */
  Path folder(Release release) {
    return cache.resolve("data").resolve(release.name());
  }

  /** Where to ask for a file, in this order. */
  List<URI> addresses(Release release, ReleasedFile file) {
    List<String> homes = mirror == null ? release.homes() : List.of(mirror + release.name() + "/");
    return homes.stream().map(home -> URI.create(home + file.name())).toList();
  }
}
