package dev.gatehouse.service.web.console;

import dev.gatehouse.proto.bundle.Manifest;
import dev.gatehouse.proto.bundle.ServedError;
import dev.gatehouse.proto.network.InputSpec;
import dev.gatehouse.service.repository.ServedModel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the page shows of a version of a model.
 *
 * @param model name
 * @param version version
 * @param experts number of experts, M
 * @param k experts that a row is given to; under a certified rule the least
 * @param rule the routing rule, in words
 * @param sparse true where only the chosen experts run
 * @param dataset name of the data it was trained on; null of an imported model
 * @param testRows test rows that it was measured on, with its weights as they are stored; null of
 *     an imported one
 * @param testAccuracy share of them that it gets right as served; null of an imported one
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
    @Nullable String dataset,
    @Nullable Long testRows,
    @Nullable Double testAccuracy,
    List<Double> baseline,
    List<String> classes,
    InputSpec input) {
  static ModelView of(ServedModel served) {
    Manifest manifest = served.model().manifest();
    Manifest.Provenance provenance = manifest.provenance();
    ServedError error = ServedError.of(manifest).orElse(null);
    return new ModelView(
        served.name(),
        served.version(),
        manifest.experts(),
        manifest.rule().k(),
        manifest.rule().toString(),
        manifest.routing() == Manifest.Routing.SPARSE,
        provenance == null ? null : provenance.dataset().name(),
        error == null ? null : error.rows(),
        error == null ? null : 1 - error.share(),
        manifest.baseline().share(),
        manifest.classes(),
        manifest.input());
  }
}
