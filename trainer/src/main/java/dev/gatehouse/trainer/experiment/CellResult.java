package dev.gatehouse.trainer.experiment;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.OptBoolean;
import dev.gatehouse.proto.file.Sha256;
import dev.gatehouse.proto.run.EpochMetrics;
import dev.gatehouse.proto.run.RoutingTable;
import dev.gatehouse.proto.run.RunFolder;
import dev.gatehouse.proto.run.RunMeasurements;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * What came of a cell: a line of {@code cells.jsonl}.
 *
 * @param row name of its row
 * @param point its point of the grid
 * @param seed of its training
 * @param fingerprint of the settings, {@link Cell#fingerprint}
 * @param configuration all that it was trained with, {@link CellConfiguration}; null in a record of
 *     before there was any
 * @param failure why there are no figures; null where there are
 * @param figures what was measured; null for a training that diverged
 */
public record CellResult(
    String row,
    Map<String, Object> point,
    long seed,
    String fingerprint,
    @JsonInclude(JsonInclude.Include.NON_NULL) @JsonProperty(isRequired = OptBoolean.FALSE)
        @Nullable Map<String, Object> configuration,
    @Nullable String failure,
    @Nullable Figures figures) {
  /** Copies the map in its order. */
  public CellResult {
    point = new Point(point).values();
    configuration =
        configuration == null
            ? null
            : Collections.unmodifiableMap(new LinkedHashMap<>(configuration));
  }

  /**
   * What was measured.
   *
   * @param weights sha256 of {@code weights.safetensors}
   * @param epochs that were trained
   * @param seconds of training and validation
   * @param versions of the software, by name
   * @param train on the training rows
   * @param validation on the held-out rows, which choose among runs
   * @param test on the test set
   * @param expertByClass [experts][classes] test rows by argmax expert and true class
   * @param validationErrors by epoch, of the full mixture
   * @param sampleEntropies H_s on the held-out rows, by epoch
   */
  public record Figures(
      String weights,
      int epochs,
      double seconds,
      Map<String, String> versions,
      SplitFigures train,
      SplitFigures validation,
      SplitFigures test,
      List<List<Long>> expertByClass,
      List<Double> validationErrors,
      List<Double> sampleEntropies) {
    /** Copies the lists. */
    public Figures {
      versions = Collections.unmodifiableMap(new TreeMap<>(versions));
      expertByClass = expertByClass.stream().map(List::copyOf).toList();
      validationErrors = List.copyOf(validationErrors);
      sampleEntropies = List.copyOf(sampleEntropies);
    }
  }

  /** What a complete run says. */
  static CellResult of(Cell cell, RunFolder folder) throws IOException {
    RunMeasurements measured =
        Objects.requireNonNull(folder.measurements(), "a complete run has measurements");
    List<EpochMetrics> epochs = folder.metrics();
    return new CellResult(
        cell.row().name(),
        cell.point().values(),
        cell.seed(),
        cell.fingerprint(),
        CellConfiguration.of(cell),
        null,
        new Figures(
            Sha256.of(folder.weightsFile()),
            epochs.size(),
            round(epochs.stream().mapToDouble(EpochMetrics::seconds).sum(), 1),
            folder.completeRun().versions(),
            SplitFigures.of(measured.train()),
            SplitFigures.of(measured.validation()),
            SplitFigures.of(measured.test()),
            RoutingTable.of(measured.test()).expertByClass(),
            byEpoch(epochs, EpochMetrics::validationError),
            byEpoch(epochs, EpochMetrics::sampleEntropy)));
  }

  /** A training that diverged. */
  static CellResult failed(Cell cell, String why) {
    return new CellResult(
        cell.row().name(),
        cell.point().values(),
        cell.seed(),
        cell.fingerprint(),
        CellConfiguration.of(cell),
        why,
        null);
  }

  /** True when two runs of a cell gave the same weights and figures, or both diverged. */
  public static boolean same(CellResult one, CellResult other) {
    Figures a = one.figures();
    Figures b = other.figures();
    if (a == null || b == null) {
      return a == null && b == null;
    }
    return a.weights().equals(b.weights())
        && a.train().equals(b.train())
        && a.validation().equals(b.validation())
        && a.test().equals(b.test());
  }

  private static List<Double> byEpoch(
      List<EpochMetrics> epochs, ToDoubleFunction<EpochMetrics> figure) {
    return epochs.stream().map(e -> round(figure.applyAsDouble(e), 4)).toList();
  }

  private static double round(double value, int digits) {
    double scale = Math.pow(10, digits);
    return Math.round(value * scale) / scale;
  }
}
