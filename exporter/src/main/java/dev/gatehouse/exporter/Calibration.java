package dev.gatehouse.exporter;

import dev.gatehouse.engine.runtime.Optimisation;
import dev.gatehouse.engine.runtime.Session;
import dev.gatehouse.engine.runtime.SessionSettings;
import dev.gatehouse.engine.runtime.Target;
import dev.gatehouse.engine.tensor.Rows;
import dev.gatehouse.exporter.graph.OnnxFile;
import dev.gatehouse.exporter.lower.ActivationRanges;
import dev.gatehouse.exporter.lower.Lowering;
import dev.gatehouse.exporter.parity.RawRows;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.bundle.Manifest;
import dev.gatehouse.proto.file.Safetensors.Tensor;
import dev.gatehouse.proto.file.UnfinishedFolder;
import dev.gatehouse.proto.network.ModelSpec;
import dev.gatehouse.proto.run.Run;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Sees what flows into the layers of a model that are to compute in integers. */
final class Calibration {
  /** Rows that are looked at, spread evenly over those that there are. */
  static final int ROWS = 1024;

  private static final int BATCH = 64;

  private Calibration() {}

  /** Refuses a model of which integers would make no layer faster. */
  static void requireLargeLayers(ModelSpec model) {
    if (!Lowering.hasIntegers(model)) {
      throw new BadInput(
          "no layer of this model is large enough for integer arithmetic to be faster: export it"
              + " with --quantize int8, which rounds weights alone, or as it is");
    }
  }

  /**
   * The ranges over some of {@code rows}.
   *
   * @param graphs the model with float32 arithmetic
   */
  static ActivationRanges of(Run run, Lowering graphs, Tensor rows) throws IOException {
    Tensor some = spread(rows);
    OnnxFile graph = graphs.observed();
    List<String> layers = ActivationRanges.layers(graph.outputs());
    SeenRanges seen = new SeenRanges(run, layers);
    // Deleted behind the session, which is closed first.
    try (UnfinishedFolder folder = UnfinishedFolder.temporary("gatehouse-ranges-");
        Session session = open(folder.path().resolve("observed.onnx"), graph, run.model())) {
      int count = some.shape().get(0);
      for (int from = 0; from < count; from += BATCH) {
        Rows batch = RawRows.of(some, from, Math.min(count, from + BATCH));
        look(session, batch, run.model().experts(), layers, seen);
      }
    }
    return seen.ranges();
  }

  private static Session open(Path file, OnnxFile graph, ModelSpec model) throws IOException {
    GraphFiles.USUAL.write(file, graph);
    Map<String, List<Integer>> outputs = new HashMap<>();
    graph.outputs().forEach(output -> outputs.put(output, List.of()));
    outputs.put(Manifest.GATE_PROBABILITIES, List.of(model.experts()));
    return Session.open(
        file,
        model.input().name(),
        model.input().shape().dims(),
        outputs,
        SessionSettings.of(Optimisation.EXTENDED));
  }

  private static void look(
      Session session, Rows rows, int experts, List<String> layers, SeenRanges seen) {
    int n = rows.count();
    List<Target.Floats> targets = new ArrayList<>();
    targets.add(new Target.Floats(Manifest.GATE_PROBABILITIES, floats(n * experts), n, experts));
    for (String layer : layers) {
      targets.add(new Target.Floats(ActivationRanges.least(layer), floats(n), n));
      targets.add(new Target.Floats(ActivationRanges.largest(layer), floats(n), n));
    }
    session.run(rows.values(), n, List.copyOf(targets));
    float[][] least = new float[layers.size()][];
    float[][] largest = new float[layers.size()][];
    for (int i = 0; i < layers.size(); i++) {
      least[i] = array(targets.get(1 + 2 * i));
      largest[i] = array(targets.get(2 + 2 * i));
    }
    seen.add(n, array(targets.get(0)), least, largest);
  }

  private static FloatBuffer floats(int elements) {
    return ByteBuffer.allocateDirect(Math.multiplyExact(elements, Float.BYTES))
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  private static float[] array(Target.Floats of) {
    float[] values = new float[of.values().capacity()];
    of.values().get(0, values);
    return values;
  }

  /** At most {@link #ROWS} of {@code rows}. */
  private static Tensor spread(Tensor rows) {
    int count = rows.shape().get(0);
    if (count <= ROWS) {
      return rows;
    }
    int bytes = rows.data().remaining() / count;
    ByteBuffer some = ByteBuffer.allocateDirect(ROWS * bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < ROWS; i++) {
      int row = (int) ((long) i * count / ROWS);
      some.put(rows.data().slice(row * bytes, bytes));
    }
    List<Integer> shape = new ArrayList<>(rows.shape());
    shape.set(0, ROWS);
    return new Tensor(rows.dtype(), shape, some.flip().order(ByteOrder.LITTLE_ENDIAN));
  }
}
