package dev.gatehouse.cli.doctor;

import dev.gatehouse.engine.runtime.Session;
import dev.gatehouse.trainer.array.Devices;
import dev.gatehouse.trainer.data.download.Downloads;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Looks at the machine. Nothing is changed, but that native libraries are unpacked where they were
 * not yet.
 *
 * @param downloads where data sets are kept and come from
 * @param ports ports that a server would listen on, by the option that names another
 */
public record Doctor(Downloads downloads, Map<String, Integer> ports) {
  /** Copies the map, in its order. */
  public Doctor {
    ports = Collections.unmodifiableMap(new LinkedHashMap<>(ports));
  }

  private static final int LEAST_JAVA = 17;
  private static final long LEAST_MEMORY = 3L << 30;
  private static final long LEAST_DISK = 2L << 30;

  /** Looks at everything, in the order in which things are needed. */
  public List<Check> checks() {
    List<Check> checks = new ArrayList<>();
    checks.add(java());
    checks.add(tool("Maven", "mvn", "Apache Maven", "build"));
    checks.add(tool("Node", "node", "v", "test clients in other languages"));
    checks.add(cores());
    checks.add(memory());
    checks.add(loads("PyTorch", Devices::engineVersion, "GATEHOUSE_BUILD=cpu ./gatehouse --help"));
    checks.add(gpu());
    checks.add(loads("ONNX Runtime", Session::runtimeVersion, "./gatehouse --help builds anew"));
    ports.forEach((flag, port) -> checks.add(port(flag, port)));
    checks.add(folder("cache folder", downloads.cache()));
    checks.add(folder("work folder", Path.of("").toAbsolutePath()));
    checks.add(network());
    return checks;
  }

  private static Check java() {
    String found = System.getProperty("java.version") + " at " + System.getProperty("java.home");
    return Runtime.version().feature() >= LEAST_JAVA
        ? Check.ok("JDK", found)
        : Check.failed("JDK", found, "set JAVA_HOME to a JDK of version " + LEAST_JAVA);
  }

  /** A program that only some commands need, by the first line of its version. */
  private static Check tool(String name, String program, String start, String purpose) {
    String remedy = "install it to " + purpose + "; ./gatehouse test does so";
    try {
      Process process = new ProcessBuilder(program, "--version").redirectErrorStream(true).start();
      List<String> lines = process.inputReader().lines().toList();
      return lines.stream()
          .filter(line -> line.contains(start))
          .findFirst()
          .map(line -> Check.ok(name, line.replaceAll("\u001b\\[[0-9;]*m", "").strip()))
          .orElseGet(() -> Check.limited(name, "says nothing of its version", remedy));
    } catch (IOException e) {
      return Check.limited(name, "not on the PATH", remedy);
    }
  }

  private static Check cores() {
    return Check.ok(
        "cores",
        "%d (training uses one: more run side by side with experiment --jobs)"
            .formatted(Runtime.getRuntime().availableProcessors()));
  }

  private static Check memory() {
    var system =
        (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long total = system.getTotalMemorySize();
    String found =
        "%s, of which the JVM's heap may take %s"
            .formatted(gigabytes(total), gigabytes(Runtime.getRuntime().maxMemory()));
    return total >= LEAST_MEMORY
        ? Check.ok("memory", found)
        : Check.limited("memory", found, "quickstart needs about " + gigabytes(LEAST_MEMORY));
  }

  private static Check loads(String name, Supplier<String> version, String remedy) {
    try {
      return Check.ok(name, version.get() + ", its native library loads");
    } catch (RuntimeException | LinkageError e) {
      return Check.failed(name, "does not load: " + reason(e), remedy);
    }
  }

  private static Check gpu() {
    try {
      int gpus = Devices.gpus();
      return gpus > 0
          ? Check.ok("GPU", gpus + ", of which gpu:0 is taken")
          : Check.limited(
              "GPU",
              "none that PyTorch finds; training runs on the CPU",
              "with an NVIDIA GPU: GATEHOUSE_BUILD=gpu (docs/training.md)");
    } catch (RuntimeException | LinkageError e) {
      return Check.limited("GPU", "PyTorch does not load", "see PyTorch");
    }
  }

  private static Check port(String flag, int port) {
    String name = "port " + port;
    try {
      new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
      return Check.ok(name, "free");
    } catch (IOException e) {
      return Check.limited(name, "in use", "name another with " + flag);
    }
  }

  /** Only data sets that have a name need a network. */
  private Check network() {
    Map<URI, String> unreachable = downloads.unreachable();
    return unreachable.isEmpty()
        ? Check.ok("network", "the homes of data sets answer")
        : Check.limited(
            "network",
            unreachable.keySet().stream()
                    .map(URI::getHost)
                    .distinct()
                    .collect(Collectors.joining(", "))
                + ": no answer",
            "strokes and your own data need none; for mnist and the like --data-dir,"
                + " GATEHOUSE_DATA_MIRROR, or a proxy (docs/data.md)");
  }

  /** A folder that is there or can be made, may be written to and has space. */
  static Check folder(String name, Path folder) {
    Path existing = folder;
    while (existing.getParent() != null && !Files.exists(existing)) {
      existing = existing.getParent();
    }
    if (!Files.isDirectory(existing) || !Files.isWritable(existing)) {
      return Check.failed(
          name,
          folder + ": " + existing + " cannot be written to",
          "make it yours, or name another");
    }
    // Not FileStore, which finds none under a changed root.
    long free = existing.toFile().getUsableSpace();
    String found = folder + ", " + gigabytes(free) + " free";
    return free >= LEAST_DISK
        ? Check.ok(name, found)
        : Check.limited(name, found, "make room: about " + gigabytes(LEAST_DISK) + " are needed");
  }

  private static String reason(Throwable thrown) {
    return String.valueOf(thrown.getMessage()).lines().findFirst().orElse("no reason given");
  }

  private static String gigabytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f GB", bytes / 1e9);
  }
}
