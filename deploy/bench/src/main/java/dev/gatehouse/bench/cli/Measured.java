package dev.gatehouse.bench.cli;

import dev.gatehouse.bench.measure.Pace;
import dev.gatehouse.bench.model.Family;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.file.AtomicFiles;
import dev.gatehouse.proto.file.UnfinishedFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the benchmarks of models with random weights have in common. */
final class Measured {
  @Option(
      names = "--experts",
      paramLabel = "M",
      split = ",",
      description = "Numbers of experts, 2 or more.")
  private List<Integer> experts = List.of();

  @Option(
      names = "--top-k",
      paramLabel = "K",
      split = ",",
      description = "Experts that answer a row; default 1,2.")
  private List<Integer> topKs = List.of(1, 2);

  @Option(names = "--seconds", paramLabel = "S", description = "About the time of a case's turns.")
  private @Nullable Double seconds;

  @Option(
      names = "--quick",
      description = "One short round and few rows: shows that it runs, not how fast.")
  private boolean quick;

  @Option(
      names = "--plots",
      paramLabel = "DIR",
      description = "Draw the results as SVG files into this folder.")
  private @Nullable Path plots;

  /** Work that needs a folder for bundles. */
  @FunctionalInterface
  interface InFolder {
    void run(Path folder) throws IOException;
  }

  /** Numbers of experts that were asked for, or {@code usual}. */
  List<Integer> experts(List<Integer> usual) {
    return atLeast(2, "experts", experts.isEmpty() ? usual : experts);
  }

  List<Integer> topKs() {
    return atLeast(1, "top-k", topKs);
  }

  /** Time of a case's turns: what was asked for, or the {@code usual} seconds. */
  Duration time(double usual) {
    double wanted = seconds == null ? usual : seconds;
    if (!(wanted > 0)) {
      throw new BadInput("seconds must be above 0; seconds=" + wanted);
    }
    return Duration.ofMillis((long) (1e3 * wanted));
  }

  Pace pace(Duration all) {
    return quick ? Pace.QUICK : Pace.of(all);
  }

  boolean isQuick() {
    return quick;
  }

  /** Bytes of cache that the rows are to exceed. */
  long cacheBytes(long ofMachine) {
    return quick ? 0 : ofMachine;
  }

  /** Makes the folder of plots, so that one that cannot be made is told before the work. */
  void preparePlots() throws IOException {
    if (plots != null) {
      Files.createDirectories(plots);
    }
  }

  /** Writes a plot, where plots are wanted. */
  void plot(String name, String svg) throws IOException {
    if (plots != null) {
      AtomicFiles.write(plots.resolve(name + ".svg"), svg);
    }
  }

  /**
   * Runs {@code work} in a temporary folder, which is gone afterwards, also where it is stopped.
   */
  static void inFolder(InFolder work) throws IOException {
    try (UnfinishedFolder folder = UnfinishedFolder.temporary("gatehouse-bench-")) {
      work.run(folder.path());
    }
  }

  static List<Family> families(List<String> names) {
    return names.stream().map(Family::named).toList();
  }

  static List<Integer> atLeast(int least, String name, List<Integer> values) {
    if (values.isEmpty() || values.stream().anyMatch(value -> value < least)) {
      throw new BadInput(name + " must be at least " + least + "; " + name + "=" + values);
    }
    return values;
  }
}
