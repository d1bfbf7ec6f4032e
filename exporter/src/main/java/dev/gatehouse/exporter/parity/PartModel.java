package dev.gatehouse.exporter.parity;

import dev.gatehouse.engine.runtime.Optimisation;
import dev.gatehouse.engine.runtime.Session;
import dev.gatehouse.engine.runtime.SessionSettings;
import dev.gatehouse.engine.runtime.Target;
import dev.gatehouse.engine.tensor.Rows;
import dev.gatehouse.proto.network.InputSpec;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A graph of the gate or of one expert, run on its own. */
public final class PartModel implements AutoCloseable {
  private final Session session;
  private final String output;
  private final int width;

  private PartModel(Session session, String output, int width) {
    this.session = session;
    this.output = output;
    this.width = width;
  }

  /**
   * Loads a graph.
   *
   * @param graph the {@code .onnx} file
   * @param input what it takes
   * @param output name of its one output
   * @param width numbers that it gives a row
   * @throws dev.gatehouse.proto.BadInput when the graph cannot be loaded, or is not as described
   */
  public static PartModel open(Path graph, InputSpec input, String output, int width) {
    return new PartModel(
        Session.open(
            graph,
            input.name(),
            input.shape().dims(),
            Map.of(output, List.of(width)),
            SessionSettings.of(Optimisation.EXTENDED)),
        output,
        width);
  }

  /**
   * Runs all rows at once.
   *
   * @return {@code [rows, width]} row-major
   * @throws IllegalStateException when ONNX Runtime fails
   */
  public float[] run(Rows rows) {
    int n = rows.count();
    FloatBuffer values = PortableModel.floats(Math.multiplyExact(n, width));
    session.run(rows.values(), n, List.of(new Target.Floats(output, values, n, width)));
    return PortableModel.array(values);
  }

  @Override
  public void close() {
    session.close();
  }
}
