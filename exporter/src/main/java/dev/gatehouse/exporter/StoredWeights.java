package dev.gatehouse.exporter;

import dev.gatehouse.exporter.graph.OnnxFile;
import dev.gatehouse.exporter.lower.ActivationRanges;
import dev.gatehouse.exporter.lower.GraphForm;
import dev.gatehouse.exporter.lower.Lowering;
import dev.gatehouse.exporter.parity.PortableAnswer;
import dev.gatehouse.exporter.parity.PortableModel;
import dev.gatehouse.exporter.parity.PortableSignature;
import dev.gatehouse.exporter.parity.RawRows;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.bundle.Precision;
import dev.gatehouse.proto.bundle.SelfTest;
import dev.gatehouse.proto.file.Safetensors.Tensor;
import dev.gatehouse.proto.file.UnfinishedFolder;
import dev.gatehouse.proto.run.RunFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a bundle says of its weights, found out before anything is exported.
 *
 * <p>Rounded weights give other answers than the trained ones, so a bound on the difference would
 * have to be so wide that a forgotten step fits in. Instead each step is proved on its own: the
 * graph with float32 weights is the trained model within {@link SelfTest#TOLERANCE}; the same graph
 * with the rounded numbers, still spelled out as floats, says what they make of the self-test's
 * rows; and to that, within the same tolerance, every graph of the bundle is held.
 *
 * @param graphs the bundle's graphs
 * @param selfTest the self-test's rows, and what the model with these weights says of them
 * @param precision how the weights are stored, and what it changes
 */
record StoredWeights(Lowering graphs, SelfTest selfTest, Precision precision) {
  /** The largest share of rows that may change their class. */
  private static final double MOST_CHANGED = 0.05;

  private static final int BATCH = 256;

  /**
   * Lowers {@code trained} as the options say, and looks at what that changes.
   *
   * @throws BadInput when rounded weights change too many answers, nobody knows the labels of rows
   *     to see that on, the graph is not the trained model before they are rounded, or no layer is
   *     large enough for integers
   */
  static StoredWeights of(RunFolder run, TrainedModel trained, ExportOptions options)
      throws IOException {
    Lowering graphs = Lowering.of(trained.run(), trained.weights(), options.form());
    if (options.weights() == Precision.Weights.FLOAT32) {
      return new StoredWeights(graphs, trained.selfTest(), Precision.EXACT);
    }
    if (options.integers()) {
      Calibration.requireLargeLayers(trained.run().model());
    }
    DataRows data = options.data().of(run);
    if (!options.integers()) {
      return rounded(trained, graphs, options.weights(), null, data);
    }
    DataRows.AtHand atHand = data instanceof DataRows.AtHand all ? all : null;
    Tensor rows = atHand != null ? atHand.training() : trained.selfTest().rows();
    ActivationRanges ranges = Calibration.of(trained.run(), graphs, rows);
    Lowering inIntegers = graphs.inIntegers(ranges);
    Precision.Activations activations =
        new Precision.Activations(
            atHand != null ? Precision.On.TRAINING : Precision.On.SELF_TEST,
            Math.min(rows.shape().get(0), Calibration.ROWS),
            growth(inIntegers));
    return rounded(trained, inIntegers, options.weights(), activations, data);
  }

  private static double growth(Lowering graphs) {
    OnnxFile expert = graphs.expert(0);
    return (double) expert.loadedBytes() / expert.constantBytes();
  }

  private static StoredWeights rounded(
      TrainedModel trained,
      Lowering graphs,
      Precision.Weights weights,
      Precision.@Nullable Activations activations,
      DataRows data)
      throws IOException {
    PortableSignature signature = PortableSignature.of(trained.run());
    Lowering exact = Lowering.of(trained.run(), trained.weights(), GraphForm.FLOATS);
    // Deleted behind the models, which are closed first.
    try (UnfinishedFolder folder = UnfinishedFolder.temporary("gatehouse-rounded-");
        PortableModel asTrained = open(folder.path().resolve("exact.onnx"), exact, signature);
        PortableModel spelledOut =
            open(folder.path().resolve("spelled.onnx"), graphs.spelledOut(), signature);
        PortableModel asExported =
            open(folder.path().resolve("exported.onnx"), graphs, signature)) {
      SelfTest recorded = trained.selfTest();
      PortableAnswer then = asTrained.run(RawRows.of(recorded.rows()));
      recorded
          .compare(then.gateProbabilities(), then.probabilities())
          .require("the graph with float32 weights");
      Precision.Measured measured =
          data instanceof DataRows.AtHand all
              ? measure(asTrained, asExported, Precision.On.TEST, all.test(), all.labels())
              : measure(
                  asTrained,
                  asExported,
                  Precision.On.SELF_TEST,
                  recorded.rows(),
                  labels(recorded, (DataRows.Missing) data));
      return new StoredWeights(
          graphs,
          answered(recorded, spelledOut),
          requireHarmless(new Precision(weights, activations, measured), measured));
    }
  }

  private static int[] labels(SelfTest recorded, DataRows.Missing test) {
    int[] labels = recorded.labels();
    if (labels == null) {
      throw new BadInput(
          "what rounded weights change is measured on rows with labels; the run's self-test has none,"
              + " and its data are not at hand (%s): name them with --data-dir"
                  .formatted(test.reason()));
    }
    return labels;
  }

  /** The rows of {@code test} with what {@code model} says of them. */
  private static SelfTest answered(SelfTest test, PortableModel model) {
    PortableAnswer answer = model.run(RawRows.of(test.rows()));
    return new SelfTest(
        test.rule(),
        test.classes(),
        test.rows(),
        test.labels(),
        answer.gateProbabilities(),
        answer.probabilities());
  }

  private static PortableModel open(Path file, Lowering graphs, PortableSignature signature)
      throws IOException {
    GraphFiles.USUAL.write(file, graphs.portable());
    return PortableModel.open(file, signature);
  }

  private static Precision.Measured measure(
      PortableModel exact, PortableModel rounded, Precision.On on, Tensor rows, int[] labels) {
    long wrongBefore = 0;
    long wrong = 0;
    long changed = 0;
    double largest = 0;
    for (int from = 0; from < labels.length; from += BATCH) {
      int to = Math.min(labels.length, from + BATCH);
      PortableAnswer before = exact.run(RawRows.of(rows, from, to));
      PortableAnswer now = rounded.run(RawRows.of(rows, from, to));
      for (int i = 0; i < to - from; i++) {
        wrongBefore += before.classes()[i] == labels[from + i] ? 0 : 1;
        wrong += now.classes()[i] == labels[from + i] ? 0 : 1;
        changed += now.classes()[i] == before.classes()[i] ? 0 : 1;
      }
      for (int i = 0; i < now.probabilities().length; i++) {
        double difference = Math.abs((double) now.probabilities()[i] - before.probabilities()[i]);
        largest = Math.max(largest, difference);
      }
    }
    double all = labels.length;
    return new Precision.Measured(
        on, labels.length, wrongBefore / all, wrong / all, changed / all, largest);
  }

  private static Precision requireHarmless(Precision precision, Precision.Measured measured) {
    if (!(measured.changed() <= MOST_CHANGED)) {
      throw new BadInput(
          String.format(
              Locale.ROOT,
              "rounded to %s, the model gives another class to %.1f%% of %d rows; at most %.0f%% is"
                  + " accepted: export them less rounded",
              precision.form(),
              100 * measured.changed(),
              measured.rows(),
              100 * MOST_CHANGED));
    }
    return precision;
  }
}
