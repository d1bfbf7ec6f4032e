package dev.gatehouse.proto.cli;

import dev.gatehouse.proto.file.AtomicFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.TimeUnit;

/**
 * Scripts for Node, and the npm packages that their lock file names.
 *
 * @param source holds the scripts, {@code package.json} and {@code package-lock.json}
 * @param folder where they are installed to run
 */
public record NodePackages(Path source, Path folder) {
  private static final String LOCK = "package-lock.json";
  private static final int MINUTES = 10;

  /** Written last, so that an install that was cut off is done again. */
  private static final String DONE = ".installed-lock.json";

  /**
   * Installs the packages, unless those of the same lock file are there.
   *
   * @throws IOException when npm is not there, or fails; then says where it tells why
   */
  public void install() throws IOException {
    Path done = folder.resolve(DONE);
    if (Files.exists(done) && Files.mismatch(done, source.resolve(LOCK)) == -1) {
      return;
    }
    Files.createDirectories(folder);
    AtomicFiles.delete(folder.resolve("node_modules"));
    copy("package.json");
    copy(LOCK);
    npmCi();
    Files.copy(source.resolve(LOCK), done, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Copies a file of the source beside the packages. */
  public void copy(String file) throws IOException {
    Files.copy(source.resolve(file), folder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
  }

  private void npmCi() throws IOException {
    Path log = folder.resolve("install.log");
    ProcessBuilder npm =
        new ProcessBuilder("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    // Else it fetches libraries for GPUs.
    npm.environment().put("ONNXRUNTIME_NODE_INSTALL", "skip");
    Process process;
    try {
      process = npm.start();
    } catch (IOException e) {
      throw new IOException("npm is not on the path", e);
    }
    try {
      if (!process.waitFor(MINUTES, TimeUnit.MINUTES) || process.exitValue() != 0) {
        throw new IOException("npm ci failed, see " + log);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("npm ci was interrupted", e);
    } finally {
      process.destroyForcibly();
    }
  }
}
