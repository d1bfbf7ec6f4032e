package dev.gatehouse.exporter;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.bundle.SelfTest;
import dev.gatehouse.proto.file.Safetensors;
import dev.gatehouse.proto.network.ModelSpec;
import dev.gatehouse.proto.run.RoutingTable;
import dev.gatehouse.proto.run.Run;
import dev.gatehouse.proto.run.RunFolder;
import dev.gatehouse.proto.run.RunMeasurements;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A finished run whose parts are known to fit together.
 *
 * @param run its description
 * @param results its measurements
 * @param weights every parameter of the model
 * @param selfTest what the trained model said of some rows
 * @param baseline routing of held-out rows under the serving rule
 * @param measurements everything that was measured; null in a run that another tool wrote without
 */
record TrainedModel(
    Run run,
    Run.Results results,
    Safetensors weights,
    SelfTest selfTest,
    RoutingTable baseline,
    @Nullable RunMeasurements measurements) {

  /**
   * Reads a run folder.
   *
   * @throws BadInput when the run is not complete or has classes of the user's own, its gate cannot
   *     be served, a weight is missing or of another shape, or self-test or routing belong to
   *     another model
   */
  static TrainedModel read(RunFolder folder) {
    Run run = folder.completeRun();
    List<String> own = run.model().ownClasses();
    if (!own.isEmpty()) {
      throw new BadInput(
          "%s: was trained with %s, a Java class of your own, which cannot be exported to ONNX"
              .formatted(folder.path(), String.join(" and ", own)));
    }
    if (run.model().gate().needsLabels()) {
      throw new BadInput(
          "%s: its experts are chosen by a row's true class, which nobody knows when it is served;"
                  .formatted(folder.path())
              + " distil a gate first: gatehouse distill %s --out RUN".formatted(folder.path()));
    }
    Run.Results results = run.results();
    if (results == null) {
      throw new BadInput(folder.path() + ": this run has no results");
    }
    ModelSpec model = run.model();
    Safetensors weights = folder.weights(model.parameters());
    TrainedModel trained =
        new TrainedModel(
            run,
            results,
            weights,
            folder.selfTest(),
            folder.routing().validation(),
            folder.measurements());
    try {
      trained.requireOneModel();
    } catch (BadInput e) {
      throw new BadInput(folder.path() + ": " + e.getMessage(), e);
    }
    return trained;
  }

  private void requireOneModel() {
    ModelSpec model = run.model();
    same("classes", "self-test", selfTest.classes(), model.classes());
    same("rule", "self-test", selfTest.rule(), run.serving());
    same("experts", "self-test", selfTest.experts(), model.experts());
    same(
        "rows",
        "self-test",
        selfTest.rows().shape(),
        model.input().shape().batched(selfTest.size()));
    same("rule", "routing table", baseline.rule(), run.serving());
    same("experts", "routing table", baseline.hits().size(), model.experts());
    if (measurements != null) {
      same("results", "measurements", Run.Results.of(measurements), results);
      same("classes", "measurements", measurements.test().classes().size(), model.classes().size());
    }
  }

  private static void same(String what, String where, Object found, Object wanted) {
    if (!found.equals(wanted)) {
      throw new BadInput(
          "%s of the %s: found %s, the run has %s".formatted(what, where, found, wanted));
    }
  }
}
