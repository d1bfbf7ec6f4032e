package dev.gatehouse.bench.peer;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.gatehouse.engine.tensor.RowSource;
import dev.gatehouse.proto.network.InputSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;

/** What a graph that was just made says of some rows; not for timing. */
public final class GraphOutput {
  private GraphOutput() {}

  /** The first output, {@code [rows, outputs]}, of the {@code .onnx} file in {@code graph}. */
  public static float[] of(byte[] graph, InputSpec input, RowSource rows) {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    List<Integer> batched = input.shape().batched(rows.count());
    FloatBuffer values =
        ByteBuffer.allocateDirect(rows.count() * input.shape().elements() * Float.BYTES)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    rows.write(0, rows.count(), values, 0);
    long[] shape = batched.stream().mapToLong(Integer::longValue).toArray();
    try (OrtSession session = environment.createSession(graph);
        OnnxTensor in = OnnxTensor.createTensor(environment, values, shape);
        OrtSession.Result result = session.run(Map.of(input.name(), in))) {
      FloatBuffer out = ((OnnxTensor) result.get(0)).getFloatBuffer();
      float[] answer = new float[out.remaining()];
      out.get(answer);
      return answer;
    } catch (OrtException e) {
      throw new IllegalStateException("a graph of random weights does not run", e);
    }
  }
}
