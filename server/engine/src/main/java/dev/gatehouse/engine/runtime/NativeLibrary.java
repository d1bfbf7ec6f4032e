package dev.gatehouse.engine.runtime;

import ai.onnxruntime.OrtEnvironment;
import dev.gatehouse.proto.file.AtomicFiles;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
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
    List<@Nullable URL> sources = NAMES.stream().map(NativeLibrary::resource).toList();
    // A build for a GPU has more parts, which only ONNX Runtime knows.
    if (sources.contains(null) || resource("onnxruntime_providers_cuda") != null) {
      return null;
    }
    StringBuilder key = new StringBuilder();
    for (URL source : sources) {
      if (!(source != null && source.openConnection() instanceof JarURLConnection jar)) {
        return null;
      }
      key.append(key.isEmpty() ? "" : "-").append(Long.toHexString(jar.getJarEntry().getCrc()));
    }
    Path folder = cache.resolve("onnxruntime").resolve(key.toString());
    if (!Files.isDirectory(folder)) {
      write(folder, sources);
    }
    return folder;
  }

  private static void write(Path folder, List<@Nullable URL> sources) throws IOException {
    Files.createDirectories(folder.toAbsolutePath().normalize().getParent());
    try {
      AtomicFiles.writeFolder(
          folder,
          partial -> {
            for (int i = 0; i < NAMES.size(); i++) {
              URL source = sources.get(i);
              if (source != null) {
                try (InputStream in = source.openStream()) {
                  Files.copy(in, partial.resolve(System.mapLibraryName(NAMES.get(i))));
                }
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

  private static @Nullable URL resource(String name) {
    return OrtEnvironment.class.getResource(
        "/ai/onnxruntime/native/" + platform() + "/" + System.mapLibraryName(name));
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
