package dev.gatehouse.bench.measure;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * What was measured on.
 *
 * @param processor its name, as far as the system tells
 * @param processors that this process may use
 * @param cacheBytes of the last-level cache, as far as the system tells
 * @param memoryBytes of the machine, as far as the system tells
 * @param java version
 * @param copiedBytesPerSecond of a copy that no cache holds, bytes read and bytes written
 * @param loadAverage of the last minute before the measurement; negative where unknown
 */
public record Machine(
    String processor,
    int processors,
    long cacheBytes,
    long memoryBytes,
    String java,
    double copiedBytesPerSecond,
    double loadAverage) {
  private static final long USUAL_CACHE = 32L << 20;
  private static final int COPIED = 16_000_000;

  /** Looks at this machine. */
  public static Machine describe() {
    return new Machine(
        first("/proc/cpuinfo", "model name\\s*:\\s*(.*)", "unknown"),
        Runtime.getRuntime().availableProcessors(),
        lastLevelCache(),
        kilobytes("/proc/meminfo", "MemTotal:\\s*(\\d+) kB", 0),
        Runtime.version().toString(),
        copySpeed(),
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
  }

  /** Bytes of the last-level cache; a usual size where the system does not tell. */
  public static long lastLevelCache() {
    long largest = 0;
    for (int level = 0; level < 8; level++) {
      String file = "/sys/devices/system/cpu/cpu0/cache/index" + level + "/size";
      largest = Math.max(largest, kilobytes(file, "(\\d+)K", 0));
    }
    return largest == 0 ? USUAL_CACHE : largest;
  }

  /** Memory that can be had without swapping; all there could be where the system does not tell. */
  public static long availableMemory() {
    return kilobytes("/proc/meminfo", "MemAvailable:\\s*(\\d+) kB", Long.MAX_VALUE);
  }

  /** Memory of this process that is in RAM; 0 where the system does not tell. */
  public static long residentBytes() {
    return kilobytes("/proc/self/status", "VmRSS:\\s*(\\d+) kB", 0);
  }

  /** One line for people. */
  public String line() {
    return String.format(
        Locale.ROOT,
        "%d of %s, %d MB last-level cache, %.0f GB memory, a copy moves %.1f GB/s, load %.1f, Java"
            + " %s",
        processors,
        processor,
        cacheBytes >> 20,
        memoryBytes / 1e9,
        copiedBytesPerSecond / 1e9,
        loadAverage,
        java);
  }

  private static double copySpeed() {
    float[] from = new float[COPIED];
    float[] to = new float[COPIED];
    double best = Double.POSITIVE_INFINITY;
    for (int i = 0; i < 10; i++) {
      long start = System.nanoTime();
      System.arraycopy(from, 0, to, 0, COPIED);
      best = Math.min(best, (System.nanoTime() - start) / 1e9);
    }
    return 2.0 * COPIED * Float.BYTES / best;
  }

  private static long kilobytes(String file, String pattern, long otherwise) {
    String found = first(file, pattern, "");
    return found.isEmpty() ? otherwise : Long.parseLong(found) << 10;
  }

  private static String first(String file, String pattern, String otherwise) {
    try {
      return Pattern.compile(pattern)
          .matcher(Files.readString(Path.of(file)))
          .results()
          .findFirst()
          .map((MatchResult match) -> match.group(1).strip())
          .orElse(otherwise);
    } catch (IOException e) {
      return otherwise;
    }
  }
}
