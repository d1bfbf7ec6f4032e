package dev.gatehouse.exporter.parity;

import dev.gatehouse.engine.runtime.Optimisation;
import dev.gatehouse.engine.runtime.Session;
import dev.gatehouse.engine.runtime.SessionSettings;
import dev.gatehouse.engine.runtime.Target;
import dev.gatehouse.engine.tensor.Rows;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.bundle.Manifest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A bundle's portable graph, run as a program in another language would run it. */
public final class PortableModel implements AutoCloseable {
  private final Session session;
  private final PortableSignature signature;

  private PortableModel(Session session, PortableSignature signature) {
    this.session = session;
    this.signature = signature;
  }

  /**
   * Loads a bundle's graph.
   *
   * @param graph the {@code .onnx} file
   * @param manifest describes it
   * @throws BadInput when the graph cannot be loaded, or is not as described
   */
  public static PortableModel open(Path graph, Manifest manifest) {
    return open(graph, PortableSignature.of(manifest));
  }

  /** Loads a graph that belongs to no bundle yet, as {@link #open(Path, Manifest)} does. */
  public static PortableModel open(Path graph, PortableSignature signature) {
    var input = signature.input();
    List<Integer> k = List.of(signature.k());
    Map<String, List<Integer>> outputs =
        Map.of(
            Manifest.PROBABILITIES, List.of(signature.classes()),
            Manifest.CLASS, List.of(),
            Manifest.GATE_PROBABILITIES, List.of(signature.experts()),
            Manifest.EXPERT_INDICES, k,
            Manifest.EXPERT_WEIGHTS, k);
    return new PortableModel(
        Session.open(
            graph,
            input.name(),
            input.shape().dims(),
            outputs,
            SessionSettings.of(Optimisation.EXTENDED)),
        signature);
  }

  /** All outputs for {@code rows}, 1 or more. */
  public PortableAnswer run(Rows rows) {
    int n = rows.count();
    int k = signature.k();
    int classes = signature.classes();
    FloatBuffer probabilities = floats(n * classes);
    LongBuffer largest = longs(n);
    FloatBuffer gate = floats(n * signature.experts());
    LongBuffer indices = longs(n * k);
    FloatBuffer weights = floats(n * k);
    session.run(
        rows.values(),
        n,
        List.of(
            new Target.Floats(Manifest.PROBABILITIES, probabilities, n, classes),
            new Target.Longs(Manifest.CLASS, largest, n),
            new Target.Floats(Manifest.GATE_PROBABILITIES, gate, n, signature.experts()),
            new Target.Longs(Manifest.EXPERT_INDICES, indices, n, k),
            new Target.Floats(Manifest.EXPERT_WEIGHTS, weights, n, k)));
    return new PortableAnswer(
        array(probabilities), array(largest), array(gate), array(indices), array(weights));
  }

  @Override
  public void close() {
    session.close();
  }

  static FloatBuffer floats(int elements) {
    return bytes(elements, Float.BYTES).asFloatBuffer();
  }

  private static LongBuffer longs(int elements) {
    return bytes(elements, Long.BYTES).asLongBuffer();
  }

  private static ByteBuffer bytes(int elements, int width) {
    return ByteBuffer.allocateDirect(Math.multiplyExact(elements, width))
        .order(ByteOrder.nativeOrder());
  }

  static float[] array(FloatBuffer buffer) {
    float[] values = new float[buffer.capacity()];
    buffer.get(0, values);
    return values;
  }

  private static long[] array(LongBuffer buffer) {
    long[] values = new long[buffer.capacity()];
    buffer.get(0, values);
    return values;
  }
}
