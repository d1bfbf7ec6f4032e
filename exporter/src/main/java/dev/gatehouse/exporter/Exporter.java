package dev.gatehouse.exporter;

import dev.gatehouse.exporter.graph.Graph;
import dev.gatehouse.exporter.lower.Lowering;
import dev.gatehouse.exporter.parity.BundleCheck;
import dev.gatehouse.exporter.parity.ParityReport;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.bundle.Bundle;
import dev.gatehouse.proto.bundle.Manifest;
import dev.gatehouse.proto.bundle.Precision;
import dev.gatehouse.proto.file.Json;
import dev.gatehouse.proto.run.RoutingTable;
import dev.gatehouse.proto.run.Run;
import dev.gatehouse.proto.run.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;

/** Makes a model bundle of a run folder; all of it, or nothing. */
public final class Exporter {
  private static final String PORTABLE = Bundle.PORTABLE;
  private static final String GATE = Bundle.GATE;

  private Exporter() {}

  /** Exports as {@link #export(RunFolder, Path, String, int, ExportOptions)}, with the defaults. */
  public static ExportReport export(RunFolder run, Path models, String name, int version)
      throws IOException {
    return export(run, models, name, version, ExportOptions.defaults());
  }

  /**
   * Exports a finished run to {@code models/name/version}. The bundle gets its name only after both
   * of its forms agreed with the trained model on the self-test.
   *
   * @param run the run
   * @param models folder of all models
   * @param name the model's name: letters, digits, {@code .}, {@code -}, {@code _}
   * @param version the model's version, 1 or more
   * @param options what may be chosen
   * @throws BadInput when the run is not complete or its parts do not fit together, the version is
   *     there already, a graph differs from the trained model by more than is accepted, or its
   *     weights lose too much when they are rounded, or no layer is large enough for integers
   * @throws IOException when the bundle cannot be written
   */
  public static ExportReport export(
      RunFolder run, Path models, String name, int version, ExportOptions options)
      throws IOException {
    return export(run, models, name, version, options, GraphFiles.USUAL);
  }

  static ExportReport export(
      RunFolder run,
      Path models,
      String name,
      int version,
      ExportOptions options,
      GraphFiles graphFiles)
      throws IOException {
    Manifest.requireNameAndVersion(name, version);
    Bundle.requireFree(Bundle.folder(models, name, version));
    TrainedModel trained = TrainedModel.read(run);
    StoredWeights weights = StoredWeights.of(run, trained, options);
    AtomicReference<ParityReport> parity = new AtomicReference<>();
    try (NewFolders folders = NewFolders.of(models.resolve(name))) {
      Bundle.Written written =
          Bundle.write(
              Bundle.folder(models, name, version),
              folder -> {
                writeGraphs(folder, weights.graphs(), graphFiles);
                weights.selfTest().write(folder.resolve(Bundle.SELF_TEST));
                Files.writeString(
                    folder.resolve(Bundle.MODEL_CARD),
                    new ModelCard(trained, weights.precision(), name, version).text());
              },
              files -> manifest(trained, weights.precision(), name, version, files),
              partial -> parity.set(BundleCheck.check(partial.path())));
      folders.keep();
      return new ExportReport(
          written.bundle(), Objects.requireNonNull(parity.get()), written.sharedBytes());
    }
  }

  /** The version after the highest in {@code models/name}; 1 where there is none. */
  public static int nextVersion(Path models, String name) throws IOException {
    Manifest.requireNameAndVersion(name, 1);
    Path folder = models.resolve(name);
    if (!Files.isDirectory(folder)) {
      return 1;
    }
    try (var entries = Files.list(folder)) {
      return 1
          + entries
              .map(entry -> String.valueOf(entry.getFileName()))
              .filter(version -> version.matches("[1-9][0-9]{0,8}"))
              .mapToInt(Integer::parseInt)
              .max()
              .orElse(0);
    }
  }

  private static void writeGraphs(Path folder, Lowering graphs, GraphFiles files)
      throws IOException {
    files.write(folder.resolve(PORTABLE), graphs.portable());
    if (graphs.isSparse()) {
      files.write(folder.resolve(GATE), graphs.gate());
      for (int e = 0; e < graphs.experts(); e++) {
        files.write(folder.resolve(expertFile(e)), graphs.expert(e));
      }
    }
  }

  private static Manifest manifest(
      TrainedModel trained,
      Precision precision,
      String name,
      int version,
      Map<String, Manifest.FileEntry> files) {
    Run run = trained.run();
    boolean sparse = run.model().runsSparsely(run.serving());
    List<String> experts = new ArrayList<>();
    for (int e = 0; sparse && e < run.model().experts(); e++) {
      experts.add(expertFile(e));
    }
    return new Manifest(
        Bundle.FORMAT_VERSION,
        name,
        version,
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
        run.model().input(),
        run.model().classes(),
        run.model().experts(),
        sparse ? Manifest.Routing.SPARSE : Manifest.Routing.DENSE,
        run.serving(),
        new Manifest.Graphs(PORTABLE, sparse ? GATE : null, experts),
        precision,
        baseline(trained.baseline()),
        provenance(run),
        trained.results(),
        null,
        files);
  }

  private static Manifest.Baseline baseline(RoutingTable table) {
    double all = table.hits().stream().mapToLong(Long::longValue).sum();
    return new Manifest.Baseline(
        table.rows(), table.hits().stream().map(hits -> hits / all).toList(), table.gateEntropy());
  }

  private static Manifest.Provenance provenance(Run run) {
    Map<String, String> versions = new TreeMap<>(run.versions());
    versions.put("onnx_opset", Integer.toString(Graph.OPSET));
    versions.put("onnx_ir", Integer.toString(Graph.IR_VERSION));
    return new Manifest.Provenance(
        run.id(), run.teacher(), run.dataset(), Json.map(run.training()), versions);
  }

  private static String expertFile(int e) {
    return Bundle.expert(e);
  }
}
