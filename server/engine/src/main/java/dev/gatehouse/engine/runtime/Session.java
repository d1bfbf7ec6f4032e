package dev.gatehouse.engine.runtime;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.TensorInfo;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.network.Shape;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One graph, loaded. Runs use the caller's thread alone: parallelism is over callers, since threads
 * inside a session cost far more than they give on graphs this small.
 *
 * <p>Thread-safe, but for {@link #close()}, which the owner calls when no run is under way.
 */
public final class Session implements AutoCloseable {
  /**
   * Values of one run's input: 64 of CIFAR's images, 251 of MNIST's. The memory that a run works in
   * grows with them; larger runs would outgrow the caches, and the size up to which the allocator
   * keeps memory from run to run. Rows of fewer values make runs of more rows, since each run reads
   * all weights again.
   */
  private static final int VALUES_A_RUN = 3 << 16;

  private static final int LEAST_ROWS_A_RUN = 64;
  private static final int MOST_ROWS_A_RUN = 256;

  private final String name;
  private final String input;
  private final List<Integer> rowShape;
  private final int rowsARun;
  private final OrtEnvironment environment;
  private final OrtSession session;
  private final boolean takesBytes;
  private final AtomicBoolean closed = new AtomicBoolean();

  private Session(
      String name,
      String input,
      List<Integer> rowShape,
      OrtEnvironment environment,
      OrtSession session)
      throws OrtException {
    this.name = name;
    this.input = input;
    this.rowShape = List.copyOf(rowShape);
    this.rowsARun = rowsARun(rowShape);
    this.environment = environment;
    this.session = session;
    this.takesBytes =
        session.getInputInfo().values().stream()
            .anyMatch(
                node ->
                    node.getInfo() instanceof TensorInfo tensor
                        && tensor.type == OnnxJavaType.UINT8);
  }

  private static int rowsARun(List<Integer> rowShape) {
    int values = new Shape(rowShape).elements();
    long rows = ((long) VALUES_A_RUN + values - 1) / values;
    return (int) Math.max(LEAST_ROWS_A_RUN, Math.min(rows, MOST_ROWS_A_RUN));
  }

  /** True when the graph's input is UINT8. */
  public boolean takesBytes() {
    return takesBytes;
  }

  /** Loads ONNX Runtime and says its version. */
  public static String runtimeVersion() {
    return OnnxRuntime.environment().getVersion();
  }

  /**
   * Loads a graph.
   *
   * @param file the {@code .onnx} file
   * @param input name of its one input, FLOAT or UINT8 {@code [rows, rowShape]}
   * @param rowShape shape of a row
   * @param outputs what will be asked of it: shape of each output for one row, by name
   * @param settings how it is loaded
   * @throws BadInput when ONNX Runtime refuses the graph, its input has another name or shape, or
   *     an output is missing or of another shape
   */
  public static Session open(
      Path file,
      String input,
      List<Integer> rowShape,
      Map<String, List<Integer>> outputs,
      SessionSettings settings) {
    OrtEnvironment environment = OnnxRuntime.environment();
    try (SessionOptions options = options(settings)) {
      OrtSession session = environment.createSession(file.toString(), options);
      Session opened = new Session(file.toString(), input, rowShape, environment, session);
      try {
        opened.requireInput();
        opened.requireOutputs(outputs);
      } catch (BadInput | OrtException e) {
        opened.close();
        throw e;
      }
      return opened;
    } catch (OrtException e) {
      throw new BadInput(file + ": ONNX Runtime cannot load it: " + firstLine(e), e);
    }
  }

  private static SessionOptions options(SessionSettings settings) throws OrtException {
    SessionOptions options = new SessionOptions();
    options.setIntraOpNumThreads(1);
    options.setInterOpNumThreads(1);
    options.setOptimizationLevel(settings.level().level());
    options.setCPUArenaAllocator(settings.arena());
    options.addConfigEntry("session.intra_op.allow_spinning", "0");
    return options;
  }

  /**
   * Runs the graph.
   *
   * @param rows raw values of {@code count} rows, direct, native order, from position to limit
   * @param count rows, 1 or more
   * @param targets the outputs that are wanted, and where they go; others are not computed
   * @throws BadInput when the graph takes bytes and a value is none
   * @throws IllegalStateException when ONNX Runtime fails
   */
  public void run(FloatBuffer rows, int count, List<? extends Target> targets) {
    Map<String, OnnxTensor> outputs = new HashMap<>();
    try (OnnxTensor in = takesBytes ? bytes(rows, count) : floats(rows, count)) {
      for (Target target : targets) {
        outputs.put(target.output(), tensor(target));
      }
      session.run(Map.of(input, in), outputs).close();
    } catch (OrtException e) {
      throw new IllegalStateException(name + ": the run failed: " + firstLine(e), e);
    } finally {
      outputs.values().forEach(OnnxTensor::close);
    }
  }

  /**
   * Runs the graph over memory that is used again and again: no tensor is made, but for a graph
   * that takes bytes, and for rows beyond those of one run, which run by themselves.
   *
   * @param in its first {@code rows} rows are the input; its name and shape are the session's
   * @param rows 1 or more, within the capacity of all
   * @param outs the wanted outputs, each named as the graph's; their first {@code rows} rows are
   *     written
   * @throws IllegalStateException when ONNX Runtime fails
   */
  public void run(PinnedRows in, int rows, PinnedRows... outs) {
    runFirst(in, Math.min(rows, rowsARun), outs);
    for (int from = rowsARun; from < rows; from += rowsARun) {
      runPart(in, from, Math.min(rows - from, rowsARun), outs);
    }
  }

  private void runFirst(PinnedRows in, int rows, PinnedRows... outs) {
    try {
      Map<String, OnnxTensor> outputs = outs[0].first(rows);
      if (outs.length > 1) {
        outputs = new HashMap<>(outputs);
        for (int i = 1; i < outs.length; i++) {
          outputs.putAll(outs[i].first(rows));
        }
      }
      if (takesBytes) {
        try (OnnxTensor bytes = bytes(in.values().slice(0, rows * in.rowLength()), rows)) {
          session.run(Map.of(input, bytes), outputs).close();
        }
      } else {
        session.run(in.first(rows), outputs).close();
      }
    } catch (OrtException e) {
      throw new IllegalStateException(name + ": the run failed: " + firstLine(e), e);
    }
  }

  private void runPart(PinnedRows in, int from, int rows, PinnedRows... outs) {
    Map<String, OnnxTensor> outputs = new HashMap<>();
    int length = in.rowLength();
    try (OnnxTensor part =
        takesBytes
            ? bytes(in.values().slice(from * length, rows * length), rows)
            : in.part(from, rows)) {
      for (PinnedRows out : outs) {
        outputs.put(out.name(), out.part(from, rows));
      }
      session.run(Map.of(input, part), outputs).close();
    } catch (OrtException e) {
      throw new IllegalStateException(name + ": the run failed: " + firstLine(e), e);
    } finally {
      outputs.values().forEach(OnnxTensor::close);
    }
  }

  /** Frees the graph's native memory; a second call does nothing. */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException(name + ": cannot be closed: " + firstLine(e), e);
    }
  }

  private void requireInput() throws OrtException {
    if (!session.getInputNames().equals(Set.of(input))) {
      throw new BadInput(
          name + ": takes " + session.getInputNames() + " where [" + input + "] is needed");
    }
    require(session.getInputInfo(), input, rowShape);
  }

  private void requireOutputs(Map<String, List<Integer>> outputs) throws OrtException {
    for (Map.Entry<String, List<Integer>> output : outputs.entrySet()) {
      require(session.getOutputInfo(), output.getKey(), output.getValue());
    }
  }

  private void require(Map<String, NodeInfo> declared, String value, List<Integer> row) {
    NodeInfo found = declared.get(value);
    if (found == null) {
      throw new BadInput("%s: has no %s; it has %s".formatted(name, value, declared.keySet()));
    }
    long[] shape = found.getInfo() instanceof TensorInfo tensor ? tensor.getShape() : new long[0];
    if (!fits(shape, row)) {
      throw new BadInput(
          "%s: a row of %s has shape %s; found %s, rows first"
              .formatted(name, value, row, Arrays.toString(shape)));
    }
  }

  /** A declared size of -1 is one that the data decide. */
  private static boolean fits(long[] declared, List<Integer> row) {
    if (declared.length != row.size() + 1) {
      return false;
    }
    for (int i = 0; i < row.size(); i++) {
      if (declared[i + 1] >= 0 && declared[i + 1] != row.get(i)) {
        return false;
      }
    }
    return true;
  }

  private OnnxTensor tensor(Target target) throws OrtException {
    if (target instanceof Target.Floats floats) {
      return OnnxTensor.createTensor(environment, floats.values(), floats.shape());
    }
    Target.Longs longs = (Target.Longs) target;
    return OnnxTensor.createTensor(environment, longs.values(), longs.shape());
  }

  private OnnxTensor floats(FloatBuffer rows, int count) throws OrtException {
    return OnnxTensor.createTensor(environment, rows, batched(count));
  }

  private OnnxTensor bytes(FloatBuffer rows, int count) throws OrtException {
    ByteBuffer bytes = ByteBuffer.allocateDirect(rows.remaining());
    for (int i = rows.position(); i < rows.limit(); i++) {
      float value = rows.get(i);
      if (value != (int) value || value < 0 || value > 255) {
        throw new BadInput(
            "%s: %s takes bytes, whole numbers from 0 to 255; got %s"
                .formatted(name, input, value));
      }
      bytes.put((byte) value);
    }
    return OnnxTensor.createTensor(environment, bytes.flip(), batched(count), OnnxJavaType.UINT8);
  }

  private long[] batched(int count) {
    long[] shape = new long[rowShape.size() + 1];
    shape[0] = count;
    for (int i = 0; i < rowShape.size(); i++) {
      shape[i + 1] = rowShape.get(i);
    }
    return shape;
  }

  private static String firstLine(OrtException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("no reason given");
  }
}
