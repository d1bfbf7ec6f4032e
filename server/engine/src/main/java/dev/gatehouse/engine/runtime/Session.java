package dev.gatehouse.engine.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import dev.gatehouse.proto.BadInput;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/**
 * One graph, loaded. Runs use the caller's thread alone: parallelism is over callers, since threads
 * inside a session cost far more than they give on graphs this small, and the memory arena is off,
 * since each session would keep its largest batch's workspace for ever.
 *
 * <p>Thread-safe, but for {@link #close()}, which the owner calls when no run is under way.
 */
public final class Session implements AutoCloseable {
  private final String name;
  private final String input;
  private final List<Integer> rowShape;
  private final OrtEnvironment environment;
  private final OrtSession session;
  private final LongAdder runs = new LongAdder();
  private final AtomicBoolean closed = new AtomicBoolean();

  private Session(
      String name,
      String input,
      List<Integer> rowShape,
      OrtEnvironment environment,
      OrtSession session) {
    this.name = name;
    this.input = input;
    this.rowShape = List.copyOf(rowShape);
    this.environment = environment;
    this.session = session;
  }

  /**
   * Loads a graph.
   *
   * @param file the {@code .onnx} file
   * @param input name of its one input, FLOAT {@code [rows, rowShape]}
   * @param rowShape shape of a row
   * @throws BadInput when ONNX Runtime refuses the graph, or its input has another name
   */
  public static Session open(Path file, String input, List<Integer> rowShape) {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (SessionOptions options = options()) {
      OrtSession session = environment.createSession(file.toString(), options);
      Session opened = new Session(file.toString(), input, rowShape, environment, session);
      if (!session.getInputNames().equals(java.util.Set.of(input))) {
        opened.close();
        throw new BadInput(
            file + ": takes " + session.getInputNames() + " where [" + input + "] is needed");
      }
      return opened;
    } catch (OrtException e) {
      throw new BadInput(file + ": ONNX Runtime cannot load it: " + firstLine(e), e);
    }
  }

  private static SessionOptions options() throws OrtException {
    SessionOptions options = new SessionOptions();
    options.setIntraOpNumThreads(1);
    options.setInterOpNumThreads(1);
    options.setOptimizationLevel(SessionOptions.OptLevel.EXTENDED_OPT);
    options.setCPUArenaAllocator(false);
    options.addConfigEntry("session.intra_op.allow_spinning", "0");
    return options;
  }

  /**
   * Runs the graph.
   *
   * @param rows raw values of {@code count} rows, direct, native order, from position to limit
   * @param count rows, 1 or more
   * @param targets the outputs that are wanted, and where they go; others are not computed
   * @throws IllegalStateException when ONNX Runtime fails
   */
  public void run(FloatBuffer rows, int count, List<? extends Target> targets) {
    Map<String, OnnxTensor> outputs = new HashMap<>();
    try (OnnxTensor in = OnnxTensor.createTensor(environment, rows, batched(count))) {
      for (Target target : targets) {
        outputs.put(target.output(), tensor(target));
      }
      session.run(Map.of(input, in), outputs).close();
      runs.increment();
    } catch (OrtException e) {
      throw new IllegalStateException(name + ": the run failed: " + firstLine(e), e);
    } finally {
      outputs.values().forEach(OnnxTensor::close);
    }
  }

  /** Runs that ended well since the graph was loaded. */
  public long runs() {
    return runs.sum();
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

  private OnnxTensor tensor(Target target) throws OrtException {
    if (target instanceof Target.Floats floats) {
      return OnnxTensor.createTensor(environment, floats.values(), floats.shape());
    }
    Target.Longs longs = (Target.Longs) target;
    return OnnxTensor.createTensor(environment, longs.values(), longs.shape());
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
