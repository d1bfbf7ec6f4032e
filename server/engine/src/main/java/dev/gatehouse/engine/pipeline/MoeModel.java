package dev.gatehouse.engine.pipeline;

import dev.gatehouse.engine.tensor.Prediction;
import dev.gatehouse.engine.tensor.Routing;
import dev.gatehouse.engine.tensor.Rows;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.bundle.Bundle;
import dev.gatehouse.proto.bundle.Manifest;
import dev.gatehouse.proto.bundle.Parity;
import dev.gatehouse.proto.bundle.SelfTest;
import dev.gatehouse.proto.file.Safetensors;
import java.nio.file.Path;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * A model bundle, ready to predict in the caller's own process:
 *
 * <pre>{@code
 * try (MoeModel model = MoeModel.open(Path.of("models/digits/1"))) {
 *   Prediction answer = model.predict(Rows.of(1, pixels));
 * }
 * }</pre>
 *
 * <p>A sparse bundle runs the gate and then the chosen experts alone; a dense one runs all in one
 * session, whoever of them makes the answer. Thread-safe: callers predict at the same time, each on
 * its own thread, and {@link #close()} waits for those under way.
 */
public final class MoeModel implements AutoCloseable {
  private final Bundle bundle;
  private final InputCheck check;
  private final Inference inference;
  private final PredictionListener listener;
  private final ReadWriteLock use = new ReentrantReadWriteLock();
  private boolean closed;

  private MoeModel(Bundle bundle, Inference inference, PredictionListener listener) {
    this.bundle = bundle;
    this.check = new InputCheck(bundle.manifest().input());
    this.inference = inference;
    this.listener = listener;
  }

  /**
   * Opens a bundle with default options.
   *
   * @throws BadInput as {@link #open(Path, EngineOptions)}
   */
  public static MoeModel open(Path bundle) {
    return open(bundle, EngineOptions.defaults());
  }

  /**
   * Opens a bundle: checks every file's checksum and loads its graphs.
   *
   * @throws BadInput when it is no bundle, is damaged, or a graph cannot be loaded
   */
  public static MoeModel open(Path bundle, EngineOptions options) {
    Bundle opened = Bundle.open(bundle);
    Inference inference =
        switch (opened.manifest().routing()) {
          case SPARSE -> SparseInference.open(opened);
          case DENSE -> DenseInference.open(opened);
        };
    return new MoeModel(opened, inference, options.listener());
  }

  /** What the bundle says of itself. */
  public Manifest manifest() {
    return bundle.manifest();
  }

  /**
   * Predicts.
   *
   * @param rows raw values, as a client has them
   * @return the answer to each row, in their order
   * @throws BadInput when rows are of another length, a value is NaN, infinite or outside the
   *     input's range, or the model is closed
   */
  public Prediction predict(Rows rows) {
    check.check(rows);
    Answer answer = answer(rows);
    if (rows.count() > 0) {
      listener.predicted(answer.prediction().routing(), answer.computedRows());
    }
    return answer.prediction();
  }

  /**
   * Runs the bundle's whole self-test through this engine. The listener does not hear of it.
   *
   * @throws BadInput when the self-test is damaged or was recorded for another model
   */
  public Parity selfTest() {
    SelfTest test = recordedRows();
    Safetensors.Tensor raw = test.rows();
    Rows rows =
        raw.dtype() == Safetensors.DType.U8
            ? Rows.ofUint8(test.size(), raw.data())
            : Rows.ofFp32(test.size(), raw.data());
    check.check(rows);
    Prediction answer = answer(rows).prediction();
    return test.compare(answer.routing().gateProbabilities(), answer.probabilities());
  }

  /**
   * The self-test's rows, with their true classes and the trained model's own answers.
   *
   * @throws BadInput when the self-test is damaged
   */
  public SelfTest recordedRows() {
    return bundle.selfTest();
  }

  private Answer answer(Rows rows) {
    use.readLock().lock();
    try {
      if (closed) {
        throw new BadInput("the model " + bundle.manifest().name() + " is closed");
      }
      return rows.count() == 0 ? empty() : inference.answer(rows);
    } finally {
      use.readLock().unlock();
    }
  }

  private Answer empty() {
    Manifest manifest = manifest();
    Routing routing =
        new Routing(
            0, manifest.experts(), manifest.rule().k(), new float[0], new int[0], new float[0]);
    return new Answer(
        Prediction.of(0, manifest.classes().size(), new float[0], routing),
        new int[manifest.experts()]);
  }

  /** Waits for predictions under way and frees the graphs; a second call does nothing. */
  @Override
  public void close() {
    use.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        inference.close();
      }
    } finally {
      use.writeLock().unlock();
    }
  }
}
