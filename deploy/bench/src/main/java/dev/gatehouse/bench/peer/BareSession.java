package dev.gatehouse.bench.peer;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.nio.file.Path;
import java.util.Map;

/** A session whose failures end the benchmark. Thread-safe, but for {@link #close()}. */
final class BareSession implements AutoCloseable {
  private final OrtSession session;

  private BareSession(OrtSession session) {
    this.session = session;
  }

  static BareSession open(Path graph, Settings settings) {
    try (SessionOptions options = settings.options()) {
      return new BareSession(
          OrtEnvironment.getEnvironment().createSession(graph.toString(), options));
    } catch (OrtException e) {
      throw new IllegalStateException(graph + ": cannot be loaded", e);
    }
  }

  /** One run, nothing else. */
  void run(Map<String, OnnxTensor> in, Map<String, OnnxTensor> out) {
    try {
      session.run(in, out).close();
    } catch (OrtException e) {
      throw new IllegalStateException("a run failed", e);
    }
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("a session cannot be closed", e);
    }
  }
}
