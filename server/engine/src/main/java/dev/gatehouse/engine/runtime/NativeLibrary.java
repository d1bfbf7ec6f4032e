package dev.gatehouse.engine.runtime;

import ai.onnxruntime.OrtEnvironment;
import dev.gatehouse.proto.file.AtomicFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * ONNX Runtime's native code, unpacked once. By itself it unpacks 28 MB into the temporary folder
 * at each start, and leaves them there when the process is killed.
 */
final class NativeLibrary {
  /** Where ONNX Runtime looks for its native code first. */
  static final String PATH = "onnxruntime.native.path";

  private static final List<String> NAMES = List.of("onnxruntime", "onnxruntime4j_jni");
  private static final String CUDA = "onnxruntime_providers_cuda";

  private NativeLibrary() {}

  /**
   * Unpacks the native code into {@code cache} unless it is there, and tells ONNX Runtime. Where
   * the user named a folder, or this machine or the build is of another kind, or the cache cannot
   * be written to, nothing is done, and ONNX Runtime goes its own way.
   */
  static void unpackOnce(Path cache) {
    if (System.getProperty(PATH) != null) {
      return;
    }
    try {
      Path folder = unpacked(cache);
      if (folder != null) {
        System.setProperty(PATH, folder.toString());
      }
    } catch (IOException e) {
      // Slower, but as good: see above.
    }
  }

  private static @Nullable Path unpacked(Path cache) throws IOException {
    String version = OrtEnvironment.class.getPackage().getImplementationVersion();
    // A build for a GPU has more parts, which only ONNX Runtime knows.
    if (version == null || !NAMES.stream().allMatch(NativeLibrary::isPacked) || isPacked(CUDA)) {
      return null;
    }
    Path folder = cache.resolve("onnxruntime").resolve(version + "-" + platform());
    if (!Files.isDirectory(folder)) {
      write(folder);
    }
    return folder;
  }

  private static void write(Path folder) throws IOException {
    Files.createDirectories(folder.toAbsolutePath().normalize().getParent());
    try {
      AtomicFiles.writeFolder(
          folder,
          partial -> {
            for (String name : NAMES) {
              try (InputStream in = OrtEnvironment.class.getResourceAsStream(resource(name))) {
                Files.copy(
                    Objects.requireNonNull(in), partial.resolve(System.mapLibraryName(name)));
              }
            }
          });
    } catch (IOException e) {
      // Another process may have been first.
      if (!Files.isDirectory(folder)) {
        throw e;
      }
    }
  }

  private static boolean isPacked(String name) {
    return OrtEnvironment.class.getResource(resource(name)) != null;
  }

  private static String resource(String name) {
    return "/ai/onnxruntime/native/" + platform() + "/" + System.mapLibraryName(name);
  }

  /** The folder's name in ONNX Runtime's jar, such as {@code linux-x64}. */
  private static String platform() {
    String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    String processor = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
    String os = system.contains("mac") ? "osx" : system.contains("win") ? "win" : "linux";
    boolean x64 = Stream.of("amd64", "x86_64").anyMatch(processor::equals);
    return os + "-" + (x64 ? "x64" : processor);
  }
}
