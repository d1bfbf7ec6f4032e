package dev.gatehouse.trainer.data.download;

import dev.gatehouse.proto.cli.Unavailable;
import dev.gatehouse.proto.file.LockFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Sees to it that the files of a release lie in the cache. A file that has its name there is whole:
 * it got it after its sha256 was checked, and is not checked again.
 */
public final class Downloads {
  private static final String LOCK = ".lock";
  private static final long POLL_MILLISECONDS = 200;

  private final DownloadEnvironment environment;
  private final Patience patience;
  private final DownloadListener listener;

  Downloads(DownloadEnvironment environment, Patience patience, DownloadListener listener) {
    this.environment = environment;
    this.patience = patience;
    this.listener = listener;
  }

  /**
   * Downloads as this process's environment variables say.
   *
   * @throws dev.gatehouse.proto.BadInput when one of them is wrong
   */
  public static Downloads asEnvironmentSays(DownloadListener listener) {
    return in(System.getenv(), listener);
  }

  /**
   * Downloads as {@code variables} say.
   *
   * @throws dev.gatehouse.proto.BadInput when one of them is wrong
   */
  public static Downloads in(Map<String, String> variables, DownloadListener listener) {
    Path home = Path.of(System.getProperty("user.home"));
    return new Downloads(DownloadEnvironment.of(variables, home), Patience.USUAL, listener);
  }

  /** The folder that files are kept in. */
  public Path cache() {
    return environment.cache();
  }

  /**
   * Asks where files would come from, without taking one.
   *
   * @return why a home, or the mirror in their place, cannot be reached, by its address; empty
   *     where all can be
   */
  public Map<URI, String> unreachable() {
    return new Reach(environment).failures();
  }

  /**
   * Downloads what is missing. One process or thread at a time does; others wait for it.
   *
   * @return the folder that has all files of the release
   * @throws dev.gatehouse.proto.BadInput when the cache cannot be written
   * @throws Unavailable when no home gives a file, or gives another one; says what to put where
   */
  public Path fetch(Release release) {
    Path folder = environment.folder(release);
    if (missing(release, folder).isEmpty()) {
      return folder;
    }
    try {
      Files.createDirectories(folder);
      for (boolean told = false; !fetchedAlone(release, folder); told = true) {
        if (!told) {
          listener.warned("another process downloads " + release.name() + "; waiting for it");
        }
        Thread.sleep(POLL_MILLISECONDS);
      }
      return folder;
    } catch (IOException e) {
      throw Unwritable.because(folder, e);
    } catch (InterruptedException e) {
      throw interrupted(release, e);
    }
  }

  private static List<ReleasedFile> missing(Release release, Path folder) {
    return release.files().stream()
        .filter(file -> !Files.isRegularFile(folder.resolve(file.name())))
        .toList();
  }

  /** False where another process or thread is at it. */
  private boolean fetchedAlone(Release release, Path folder) throws IOException {
    return LockFile.tryHolding(
            folder.resolve(LOCK),
            () -> {
              fetchMissing(release, folder);
              return true;
            })
        .isPresent();
  }

  private void fetchMissing(Release release, Path folder) {
    Homes homes = new Homes(patience, listener);
    for (ReleasedFile file : missing(release, folder)) {
      try (PartFile part = PartFile.open(folder, file)) {
        homes.bring(part, environment.addresses(release, file));
      } catch (HomeFailed e) {
        throw unavailable(release, file, folder, e);
      } catch (InterruptedException e) {
        throw interrupted(release, e);
      }
    }
  }

  private static Unavailable unavailable(
      Release release, ReleasedFile file, Path folder, HomeFailed cause) {
    List<String> names = missing(release, folder).stream().map(ReleasedFile::name).toList();
    return new Unavailable(
        "%s cannot be downloaded (%s); put %s into %s, or name the folder that has %s with --data-dir"
            .formatted(
                file.name(),
                cause.getMessage(),
                String.join(", ", names),
                folder,
                names.size() == 1 ? "it" : "them"),
        cause);
  }

  private static Unavailable interrupted(Release release, InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new Unavailable(release.name() + ": the download was interrupted", cause);
  }
}
