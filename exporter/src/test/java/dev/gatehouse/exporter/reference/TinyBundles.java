package dev.gatehouse.exporter.reference;

import dev.gatehouse.exporter.ExportOptions;
import dev.gatehouse.exporter.ExportReport;
import dev.gatehouse.exporter.Exporter;
import dev.gatehouse.proto.bundle.Precision;
import dev.gatehouse.proto.file.AtomicFiles;
import dev.gatehouse.proto.network.Column;
import dev.gatehouse.proto.network.GateSpec;
import dev.gatehouse.proto.network.InputSpec.Datatype;
import dev.gatehouse.proto.network.ModelSpec;
import dev.gatehouse.proto.network.RoutingRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Writes the small bundles that tests of the engine and of everything above it read. They are
 * committed and never written again, so that every later version has to read what this one wrote.
 * Another version of the bundle's format, or a bundle of another kind, is written beside them:
 *
 * <pre>{@code
 * mvn -DskipTests package
 * java -cp "exporter/target/test-classes:deploy/cli/target/lib/*" \
 *     dev.gatehouse.exporter.reference.TinyBundles FOLDER
 * }</pre>
 *
 * <p>All know four classes, and all but {@code tiny-table} take images {@code [1, 8, 8]}. {@code
 * tiny-top1}, {@code tiny-top2}, {@code tiny-certified} and {@code tiny-table} have three experts
 * under a softmax gate, {@code tiny-dense} three under an attentive gate, {@code tiny-dense-top2}
 * three with batch normalisation under an attentive gate of temperature 2 that chooses two, {@code
 * tiny-single} is one network. {@code tiny-uint8} is {@code tiny-dense-top2} with a portable graph
 * that takes bytes, {@code tiny-int8} and {@code tiny-fp16} are {@code tiny-top2} and {@code
 * tiny-single} with rounded weights, the first of them taking bytes too, and {@code tiny-w8a8} is
 * three experts under a softmax gate, two a row, whose convolutions compute in integers.
 */
public final class TinyBundles {
  private TinyBundles() {}

  /** The runs, by the name of their bundle. */
  public static Map<String, TinyRun> runs() {
    ModelSpec softmax =
        TinyModels.mixture(TinyModels.grey(), 3, new GateSpec.Softmax(TinyModels.gate()));
    ModelSpec attentive =
        TinyModels.mixture(TinyModels.grey(), 3, new GateSpec.Attentive(TinyModels.gate()));
    ModelSpec normalised =
        TinyModels.normalised(
            TinyModels.grey(), 3, new GateSpec.Attentive(TinyModels.normalisedGate(), 2));
    Map<String, TinyRun> runs = new LinkedHashMap<>();
    runs.put("tiny-top1", run("tiny-top1", softmax, new RoutingRule.TopK(1)));
    runs.put("tiny-top2", run("tiny-top2", softmax, new RoutingRule.TopK(2)));
    runs.put("tiny-certified", run("tiny-certified", softmax, new RoutingRule.Certified()));
    runs.put("tiny-dense", run("tiny-dense", attentive, new RoutingRule.Dense()));
    runs.put("tiny-dense-top2", run("tiny-dense-top2", normalised, new RoutingRule.TopK(2)));
    runs.put(
        "tiny-single",
        run("tiny-single", TinyModels.single(TinyModels.grey()), new RoutingRule.Dense()));
    ModelSpec table = TinyModels.ofTable(3, new Column.Numeric("height", 90, 50));
    runs.put("tiny-table", run("tiny-table", table, new RoutingRule.TopK(2)));
    runs.put("tiny-uint8", run("tiny-uint8", normalised, new RoutingRule.TopK(2)));
    runs.put("tiny-int8", run("tiny-int8", softmax, new RoutingRule.TopK(2)));
    runs.put(
        "tiny-fp16",
        run("tiny-fp16", TinyModels.single(TinyModels.grey()), new RoutingRule.Dense()));
    ModelSpec large =
        new ModelSpec(
            TinyModels.grey(),
            TinyModels.CLASSES,
            3,
            TinyModels.large(),
            new GateSpec.Softmax(TinyModels.large()));
    runs.put("tiny-w8a8", run("tiny-w8a8", large, new RoutingRule.TopK(2)));
    return runs;
  }

  /** How the bundle called {@code name} is exported. */
  public static ExportOptions options(String name) {
    ExportOptions options = ExportOptions.defaults();
    return switch (name) {
      case "tiny-uint8" -> options.with(Datatype.UINT8);
      case "tiny-int8" -> options.with(Datatype.UINT8).with(Precision.Weights.INT8);
      case "tiny-w8a8" -> options.inIntegers();
      case "tiny-fp16" -> options.with(Precision.Weights.FLOAT16);
      default -> options;
    };
  }

  /** The run of the bundle called {@code name}. */
  public static TinyRun run(String name) {
    return Objects.requireNonNull(runs().get(name), name);
  }

  private static TinyRun run(String id, ModelSpec model, RoutingRule rule) {
    return TinyRun.spread(id, model, rule, 1);
  }

  /** Writes all bundles to {@code models/NAME/1}. */
  public static Map<String, ExportReport> write(Path models) throws IOException {
    Map<String, ExportReport> reports = new LinkedHashMap<>();
    Path runs = Files.createTempDirectory("tiny-runs-");
    try {
      for (var entry : runs().entrySet()) {
        var folder = entry.getValue().write(runs.resolve(entry.getKey()));
        reports.put(
            entry.getKey(),
            Exporter.export(folder, models, entry.getKey(), 1, options(entry.getKey())));
      }
    } finally {
      AtomicFiles.delete(runs);
    }
    return reports;
  }

  /** Writes all bundles below the folder that {@code arguments} name. */
  public static void main(String[] arguments) throws IOException {
    write(Path.of(arguments[0]));
  }
}
