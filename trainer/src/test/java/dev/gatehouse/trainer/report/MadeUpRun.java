package dev.gatehouse.trainer.report;

import dev.gatehouse.proto.file.Safetensors.Tensor;
import dev.gatehouse.proto.network.Column;
import dev.gatehouse.proto.network.InputSpec;
import dev.gatehouse.proto.network.Layer;
import dev.gatehouse.proto.network.ModelSpec;
import dev.gatehouse.proto.network.Network;
import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.network.Shape;
import dev.gatehouse.proto.run.EpochMetrics;
import dev.gatehouse.proto.run.Run;
import dev.gatehouse.proto.run.RunFolder;
import dev.gatehouse.proto.run.RunMeasurements;
import dev.gatehouse.proto.run.Training;
import dev.gatehouse.trainer.config.GateKind;
import dev.gatehouse.trainer.data.LabelledRows;
import dev.gatehouse.trainer.evaluation.Exemplars;
import dev.gatehouse.trainer.evaluation.Measure;
import dev.gatehouse.trainer.evaluation.Predictions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * A finished run without training: seeded random predictions of random rows, measured by the same
 * code as real ones. Expert e prefers the classes c with c mod M = e.
 *
 * @param of the run
 * @param examples rows to show
 */
record MadeUpRun(MeasuredRun of, Examples examples) {
  static final InputSpec GREY = images(1, 8);
  static final InputSpec COLOUR = images(3, 32);
  static final InputSpec FEATURES =
      new InputSpec(
          "features",
          InputSpec.Datatype.FP32,
          Shape.of(11),
          -5,
          5,
          new InputSpec.Normalisation(
              1, Collections.nCopies(11, 0.0), Collections.nCopies(11, 1.0)));

  static final InputSpec TABLE =
      new InputSpec(
          "row",
          InputSpec.Datatype.FP32,
          Shape.of(2),
          -100,
          100,
          new InputSpec.Columns(
              List.of(
                  new Column.Numeric("petal <length>", 0, 1),
                  new Column.Category("colour", List.of("red", "sea, blue", "green")))));

  private static InputSpec images(int channels, int side) {
    return new InputSpec(
        "image",
        InputSpec.Datatype.UINT8,
        Shape.of(channels, side, side),
        0,
        255,
        new InputSpec.Normalisation(
            255, Collections.nCopies(channels, 0.5), Collections.nCopies(channels, 0.25)));
  }

  static List<String> numbered(int classes) {
    return IntStream.range(0, classes).mapToObj(c -> "class " + c).toList();
  }

  static MadeUpRun of(
      String id, InputSpec input, List<String> classes, int experts, int epochs, long seed) {
    Random random = new Random(seed);
    int rows = Math.max(240, 4 * classes.size());
    Network network =
        new Network(List.of(new Layer.Flatten(), new Layer.Linear(4)), Network.Tap.AFTER_RELU);
    GateKind gate = experts == 1 ? GateKind.NONE : GateKind.SOFTMAX;
    RoutingRule serving = experts == 1 ? new RoutingRule.Dense() : new RoutingRule.TopK(1);
    Predictions train = predictions(random, rows, experts, classes.size());
    Predictions validation = predictions(random, rows, experts, classes.size());
    Predictions test = predictions(random, rows, experts, classes.size());
    RunMeasurements measurements =
        new RunMeasurements(
            Measure.of(train, serving), Measure.of(validation, serving), Measure.of(test, serving));
    List<EpochMetrics> metrics = new ArrayList<>();
    List<Predictions> heldOut = List.of(train, validation, test);
    for (int epoch = 1; epoch <= epochs; epoch++) {
      Predictions now = heldOut.get(epoch % heldOut.size());
      metrics.add(
          Measure.epoch(epoch, 2.0 / epoch, 0.5 / epoch, now, serving, 1e-3, System.nanoTime()));
    }
    Run run =
        new Run(
                RunFolder.FORMAT_VERSION,
                id,
                Run.Status.RUNNING,
                "2026-11-24T00:00:00Z",
                new Run.Dataset("made-up", "CC0-1.0", rows, rows, rows, "seed " + seed),
                new ModelSpec(input, classes, experts, network, gate.spec(network, 1)),
                serving,
                Training.plain(epochs, 32, 1e-3, seed),
                null,
                Map.of("java", "17"),
                null)
            .complete(Run.Results.of(measurements));
    return new MadeUpRun(
        new MeasuredRun(run, metrics, measurements),
        Exemplars.of(test, serving, rows(random, test, input)));
  }

  private static Predictions predictions(Random random, int rows, int experts, int classes) {
    int[] labels = IntStream.range(0, rows).map(n -> n % classes).toArray();
    float[] gate = new float[rows * experts];
    float[] outputs = new float[rows * experts * classes];
    for (int n = 0; n < rows; n++) {
      simplex(random, gate, n * experts, experts, labels[n] % experts);
      for (int e = 0; e < experts; e++) {
        simplex(random, outputs, (n * experts + e) * classes, classes, labels[n]);
      }
    }
    return new Predictions(experts, classes, labels, gate, outputs);
  }

  private static void simplex(Random random, float[] all, int at, int width, int favourite) {
    double sum = 0;
    double[] weights = new double[width];
    for (int i = 0; i < width; i++) {
      weights[i] = Math.exp(2 * random.nextGaussian() + (i == favourite ? 3 : 0));
      sum += weights[i];
    }
    for (int i = 0; i < width; i++) {
      all[at + i] = (float) (weights[i] / sum);
    }
  }

  private static LabelledRows rows(Random random, Predictions all, InputSpec input) {
    List<Integer> shape = input.shape().batched(all.rows());
    int elements = all.rows() * input.shape().elements();
    if (input.datatype() == InputSpec.Datatype.UINT8) {
      byte[] bytes = new byte[elements];
      random.nextBytes(bytes);
      return new LabelledRows(Tensor.of(bytes, shape.toArray(Integer[]::new)), all.labels());
    }
    float[] floats = new float[elements];
    for (int i = 0; i < elements; i++) {
      int column = i % input.shape().elements();
      floats[i] =
          !input.columns().isEmpty()
                  && input.columns().get(column) instanceof Column.Category category
              ? random.nextInt(category.width())
              : (float) random.nextGaussian();
    }
    return new LabelledRows(Tensor.of(floats, shape.toArray(Integer[]::new)), all.labels());
  }

  String html() {
    return RunReport.html(of, examples);
  }
}
