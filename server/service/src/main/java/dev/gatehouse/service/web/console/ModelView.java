package dev.gatehouse.service.web.console;

import dev.gatehouse.proto.bundle.Manifest;
import dev.gatehouse.proto.network.InputSpec;
import dev.gatehouse.service.repository.ServedModel;
import java.util.List;

/**
 * What the page shows of a version of a model.
 *
 * @param model name
 * @param version version
 * @param experts number of experts, M
 * @param k experts that a row is given to; under a certified rule the least
 * @param rule the routing rule, in words
 * @param sparse true where only the chosen experts run
 * @param dataset name of the data it was trained on
 * @param testAccuracy share of the test rows that it gets right as served
 * @param baseline {@code [experts]} share of the hits on held-out rows; sums to 1
 * @param classes names of the classes
 * @param input what a row is
 */
record ModelView(
    String model,
    int version,
    int experts,
    int k,
    String rule,
    boolean sparse,
    String dataset,
    double testAccuracy,
    List<Double> baseline,
    List<String> classes,
    InputSpec input) {
  static ModelView of(ServedModel served) {
    Manifest manifest = served.model().manifest();
    return new ModelView(
        served.name(),
        served.version(),
        manifest.experts(),
        manifest.rule().k(),
        manifest.rule().toString(),
        manifest.routing() == Manifest.Routing.SPARSE,
        manifest.provenance().dataset().name(),
        1 - manifest.results().test().servedError(),
        manifest.baseline().share(),
        manifest.classes(),
        manifest.input());
  }
}
