package dev.gatehouse.exporter.reference;

import dev.gatehouse.proto.bundle.SelfTest;
import dev.gatehouse.proto.file.Safetensors;
import dev.gatehouse.proto.file.Safetensors.Tensor;
import dev.gatehouse.proto.network.ModelSpec;
import dev.gatehouse.proto.network.ParameterSpec;
import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.run.Run;
import dev.gatehouse.proto.run.RunFolder;
import dev.gatehouse.proto.run.Training;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A finished run without training: seeded random weights, and everything that the run folder says
 * of them measured with {@link ReferenceModel}.
 *
 * @param run its description
 * @param weights its parameters
 * @param rows its rows and labels
 */
public record TinyRun(Run run, Safetensors weights, TinyRows rows) {
  private static final int ROWS = 64;

  /** PyTorch's bound times this: networks with small random weights hardly tell rows apart. */
  private static final float SCALE = 3;

  private static final int MOST_SEEDS = 2_000;
  private static final double LEAST_SHARE = 0.15;
  private static final double LEAST_MARGIN = 5e-4;

  /**
   * The first run from {@code seed} on whose gate uses every expert for its share of the rows, with
   * no row near a tie.
   */
  public static TinyRun spread(String id, ModelSpec model, RoutingRule rule, long seed) {
    return first(id, model, rule, seed, LEAST_SHARE);
  }

  /** The first run from {@code seed} on with no row near a tie, however its rows spread. */
  public static TinyRun untied(String id, ModelSpec model, RoutingRule rule, long seed) {
    return first(id, model, rule, seed, 0);
  }

  private static TinyRun first(
      String id, ModelSpec model, RoutingRule rule, long seed, double leastShare) {
    for (long next = seed; next < seed + MOST_SEEDS; next++) {
      TinyRun run = of(id, model, rule, next);
      if (new TinyMeasures(run).spreads(leastShare, LEAST_MARGIN)) {
        return run;
      }
    }
    throw new IllegalStateException(id + ": no gate spreads, seeds from " + seed);
  }

  /** The run of {@code seed}, wherever its rows lie. */
  public static TinyRun of(String id, ModelSpec model, RoutingRule rule, long seed) {
    Random random = new Random(seed);
    Map<String, Tensor> tensors = new HashMap<>();
    for (ParameterSpec parameter : model.parameters()) {
      tensors.put(parameter.name(), drawn(parameter, random));
    }
    TinyRows rows = TinyRows.draw(model.input(), ROWS, random);
    Run run =
        new Run(
            RunFolder.FORMAT_VERSION,
            id,
            Run.Status.RUNNING,
            "2026-11-24T00:00:00Z",
            new Run.Dataset("spots", "CC0-1.0", ROWS, ROWS, ROWS, "seed " + seed),
            model,
            rule,
            Training.plain(1, 1, 1e-3, seed),
            null,
            Map.of("java", "17"),
            null);
    return new TinyRun(run, new Safetensors(Map.of(), tensors), rows);
  }

  /** Batch normalisations are drawn around their first values, so that none does nothing. */
  private static Tensor drawn(ParameterSpec parameter, Random random) {
    float centre = parameter.start() == ParameterSpec.Start.ONES ? 1 : 0;
    float bound =
        parameter.start() == ParameterSpec.Start.UNIFORM
            ? (float) (SCALE / Math.sqrt(parameter.fanIn()))
            : 0.6f;
    float[] values = new float[parameter.elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = centre + bound * (2 * random.nextFloat() - 1);
    }
    return Tensor.of(values, parameter.shape().toArray(Integer[]::new));
  }

  /** This run with other weights. */
  public TinyRun withWeights(Safetensors other) {
    return new TinyRun(run, other, rows);
  }

  /** This run with every weight of expert {@code e} NaN. */
  public TinyRun withNanExpert(int e) {
    Map<String, Tensor> tensors = new HashMap<>(weights.tensors());
    for (ParameterSpec parameter : run.model().expertParameters(e)) {
      float[] nan = new float[parameter.elements()];
      java.util.Arrays.fill(nan, Float.NaN);
      tensors.put(parameter.name(), Tensor.of(nan, parameter.shape().toArray(Integer[]::new)));
    }
    return withWeights(new Safetensors(weights.metadata(), tensors));
  }

  /** What the reference says of every row under {@code rule}. */
  List<ReferenceModel.Answer> answers(RoutingRule rule) {
    ReferenceModel reference = new ReferenceModel(run.model(), weights);
    List<ReferenceModel.Answer> answers = new ArrayList<>();
    for (int row = 0; row < rows.size(); row++) {
      answers.add(reference.answer(rows.row(row), rule));
    }
    return answers;
  }

  /** The self-test that the reference records. */
  public SelfTest selfTest() {
    return new TinyMeasures(this).selfTest();
  }

  /** Writes the run folder. */
  public RunFolder write(Path folder) throws IOException {
    TinyMeasures measures = new TinyMeasures(this);
    RunFolder written = RunFolder.create(folder, run);
    written.writeWeights(weights);
    written.write(measures.selfTest());
    written.write(new RunFolder.Routing(measures.routing(), measures.routing()));
    written.write(run.complete(new Run.Results(measures.results(), measures.results())));
    return written;
  }
}
