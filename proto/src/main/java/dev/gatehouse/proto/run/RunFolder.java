package dev.gatehouse.proto.run;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.bundle.SelfTest;
import dev.gatehouse.proto.file.AtomicFiles;
import dev.gatehouse.proto.file.Json;
import dev.gatehouse.proto.file.Safetensors;
import dev.gatehouse.proto.network.ParameterSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The folder that a training run leaves behind; the one reader and writer of its format.
 *
 * <ul>
 *   <li>{@code run.json}: a {@link Run}
 *   <li>{@code weights.safetensors}: every parameter of {@link Run#model()}, float32
 *   <li>{@code config.yaml}: the resolved configuration, as {@code train} or {@code distill} takes
 *       it
 *   <li>{@code data.json}: where the data are and how they are read
 *   <li>{@code checkpoint.safetensors}: what a run that was stopped needs to go on
 *   <li>{@code best.safetensors}: the weights of the best epoch so far, where they are to be kept
 *   <li>{@code metrics.jsonl}: an {@link EpochMetrics} a line
 *   <li>{@code routing.json}: a {@link RoutingTable} for each of the splits {@code validation} and
 *       {@code test}
 *   <li>{@code measurements.json}: a {@link RunMeasurements}
 *   <li>{@code selftest.safetensors}: a {@link SelfTest}
 *   <li>{@code report.html}: the same for people, a page that needs nothing else
 * </ul>
 *
 * <p>Each file is replaced whole, so a run that is stopped holds its last checkpoint. Weights,
 * routing, measurements, self-test and report are there once the run is complete.
 *
 * @param path the folder
 */
public record RunFolder(Path path) {
  /** Version of the format that this code reads and writes. */
  public static final int FORMAT_VERSION = 1;

  private static final String RUN = "run.json";
  private static final String WEIGHTS = "weights.safetensors";
  private static final String CONFIGURATION = "config.yaml";
  private static final String DATA = "data.json";
  private static final String CHECKPOINT = "checkpoint.safetensors";
  private static final String BEST = "best.safetensors";
  private static final String METRICS = "metrics.jsonl";
  private static final String ROUTING = "routing.json";
  private static final String MEASUREMENTS = "measurements.json";
  private static final String SELF_TEST = "selftest.safetensors";
  private static final String REPORT = "report.html";

  /**
   * Starts a run folder.
   *
   * @throws BadInput when the folder holds something already, or cannot be made
   */
  public static RunFolder create(Path path, Run run) throws IOException {
    requireFree(path);
    Files.createDirectories(path);
    RunFolder folder = new RunFolder(path);
    folder.write(run);
    return folder;
  }

  /**
   * Refuses a path that {@link #create} would refuse, before long work is begun.
   *
   * @throws BadInput when something lies there already
   */
  public static void requireFree(Path path) throws IOException {
    if (Files.exists(path) && !isEmptyFolder(path)) {
      throw new BadInput(path + ": is there already; name another run folder or remove it");
    }
  }

  /** True when {@code path} holds a run, complete or not. */
  public static boolean isStarted(Path path) {
    return Files.exists(path.resolve(RUN));
  }

  /**
   * Opens a run folder whose format this code knows.
   *
   * @throws BadInput when it is none, or of another format version
   */
  public static RunFolder open(Path path) {
    if (!Files.isDirectory(path)) {
      throw new BadInput(path + ": no such run folder");
    }
    int version = Json.readInt(path.resolve(RUN), "format_version");
    if (version != FORMAT_VERSION) {
      throw new BadInput(
          path
              + ": run folder of format version "
              + version
              + "; this Gatehouse reads version "
              + FORMAT_VERSION);
    }
    return new RunFolder(path);
  }

  /** {@code run.json}. */
  public Run run() {
    return Json.read(path.resolve(RUN), Run.class);
  }

  /**
   * {@code run.json} of a finished run.
   *
   * @throws BadInput when the run is not complete
   */
  public Run completeRun() {
    Run run = run();
    if (run.status() != Run.Status.COMPLETE) {
      throw new BadInput(path + ": this run did not finish; train it to its end first");
    }
    return run;
  }

  /** Replaces {@code run.json}. */
  public void write(Run run) throws IOException {
    AtomicFiles.write(path.resolve(RUN), Json.text(run));
  }

  /**
   * {@code weights.safetensors}, held against the parameters that the model needs.
   *
   * @throws BadInput when one is missing, of another shape, not float32, or one too many
   */
  public Safetensors weights(List<ParameterSpec> parameters) {
    Path file = path.resolve(WEIGHTS);
    Safetensors weights = Safetensors.read(file);
    try {
      for (ParameterSpec p : parameters) {
        if (weights.tensor(p.name(), p.shape()).dtype() != Safetensors.DType.F32) {
          throw new BadInput("tensor " + p.name() + " is not F32");
        }
      }
      if (weights.tensors().size() != parameters.size()) {
        throw new BadInput(
            weights.tensors().size() + " tensors where the model has " + parameters.size());
      }
    } catch (BadInput e) {
      throw new BadInput(file + ": " + e.getMessage(), e);
    }
    return weights;
  }

  /** The path of {@code weights.safetensors}, whether it is there or not. */
  public Path weightsFile() {
    return path.resolve(WEIGHTS);
  }

  /** Replaces {@code weights.safetensors}. */
  public void writeWeights(Safetensors weights) throws IOException {
    weights.write(path.resolve(WEIGHTS));
  }

  /** {@code config.yaml}. */
  public Path configuration() {
    return path.resolve(CONFIGURATION);
  }

  /** Replaces {@code config.yaml}. */
  public void writeConfiguration(String yaml) throws IOException {
    AtomicFiles.write(configuration(), yaml);
  }

  /** {@code data.json}. */
  public Path data() {
    return path.resolve(DATA);
  }

  /** Replaces {@code data.json}. */
  public void writeData(String json) throws IOException {
    AtomicFiles.write(data(), json);
  }

  /** {@code checkpoint.safetensors}; null before the first. */
  public @Nullable Safetensors checkpoint() {
    Path file = path.resolve(CHECKPOINT);
    return Files.exists(file) ? Safetensors.read(file) : null;
  }

  /** Replaces {@code checkpoint.safetensors}. */
  public void writeCheckpoint(Safetensors checkpoint) throws IOException {
    checkpoint.write(path.resolve(CHECKPOINT));
  }

  /** {@code best.safetensors}. */
  public Safetensors best() {
    return Safetensors.read(path.resolve(BEST));
  }

  /** Replaces {@code best.safetensors}. */
  public void writeBest(Safetensors weights) throws IOException {
    weights.write(path.resolve(BEST));
  }

  /** {@code metrics.jsonl}, epoch by epoch; empty before the first. */
  public List<EpochMetrics> metrics() throws IOException {
    Path file = path.resolve(METRICS);
    if (!Files.exists(file)) {
      return List.of();
    }
    return Files.readAllLines(file).stream()
        .map(line -> Json.parse(line, EpochMetrics.class, file.toString()))
        .toList();
  }

  /** Replaces {@code metrics.jsonl}. */
  public void write(List<EpochMetrics> metrics) throws IOException {
    AtomicFiles.write(
        path.resolve(METRICS),
        metrics.stream().map(line -> Json.line(line) + "\n").collect(Collectors.joining()));
  }

  /** {@code routing.json}. */
  public Routing routing() {
    return Json.read(path.resolve(ROUTING), Routing.class);
  }

  /** Replaces {@code routing.json}. */
  public void write(Routing routing) throws IOException {
    AtomicFiles.write(path.resolve(ROUTING), Json.text(routing));
  }

  /**
   * {@code measurements.json}; null in a run that another tool wrote without it.
   *
   * @throws BadInput when the file is damaged
   */
  public @Nullable RunMeasurements measurements() {
    Path file = path.resolve(MEASUREMENTS);
    return Files.exists(file) ? Json.read(file, RunMeasurements.class) : null;
  }

  /** Replaces {@code measurements.json}. */
  public void write(RunMeasurements measurements) throws IOException {
    AtomicFiles.write(path.resolve(MEASUREMENTS), Json.text(measurements));
  }

  /** The path of {@code report.html}, whether it is there or not. */
  public Path report() {
    return path.resolve(REPORT);
  }

  /** {@code selftest.safetensors}. */
  public SelfTest selfTest() {
    return SelfTest.read(path.resolve(SELF_TEST));
  }

  /** Replaces {@code selftest.safetensors}. */
  public void write(SelfTest selfTest) throws IOException {
    selfTest.write(path.resolve(SELF_TEST));
  }

  /**
   * Deletes the large files of a complete run, so that configuration, metrics, routing and
   * measurements are left.
   *
   * @param andWeights whether the weights go too, with what can only be made from them
   */
  public void slim(boolean andWeights) throws IOException {
    List<String> large = new ArrayList<>(List.of(CHECKPOINT, BEST, SELF_TEST, REPORT));
    if (andWeights) {
      large.add(WEIGHTS);
    }
    for (String name : large) {
      Files.deleteIfExists(path.resolve(name));
    }
  }

  /**
   * {@code routing.json}.
   *
   * @param validation rows held out of training: the baseline of a served model
   * @param test rows of the test set
   */
  public record Routing(RoutingTable validation, RoutingTable test) {}

  private static boolean isEmptyFolder(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      return false;
    }
    try (var entries = Files.list(path)) {
      return entries.findAny().isEmpty();
    }
  }
}
