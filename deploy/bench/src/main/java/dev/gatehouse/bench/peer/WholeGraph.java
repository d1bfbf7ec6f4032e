package dev.gatehouse.bench.peer;

import ai.onnxruntime.OnnxTensor;
import dev.gatehouse.engine.tensor.RowSource;
import dev.gatehouse.proto.bundle.Bundle;
import dev.gatehouse.proto.bundle.Manifest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * A bundle's {@code model.onnx} in one session, as a good user of ONNX Runtime runs it: rows are
 * written into memory that is used again and again, and so are class and gate probabilities. The
 * other outputs are not asked for. Thread-safe, but for {@link #close()}.
 */
public final class WholeGraph implements Peer {
  private final Manifest manifest;
  private final BareSession session;
  private final int batch;
  private final ConcurrentLinkedDeque<Lane> idle = new ConcurrentLinkedDeque<>();

  private record Lane(Pinned in, Pinned gate, Pinned answers, List<Map<String, OnnxTensor>> outs) {
    void close() {
      in.close();
      gate.close();
      answers.close();
    }
  }

  private WholeGraph(Manifest manifest, BareSession session, int batch) {
    this.manifest = manifest;
    this.session = session;
    this.batch = batch;
  }

  /** Loads the graph for batches of up to {@code batch} rows. */
  public static WholeGraph open(Bundle bundle, Settings settings, int batch) {
    Manifest manifest = bundle.manifest();
    return new WholeGraph(
        manifest,
        BareSession.open(
            bundle.file(Objects.requireNonNull(manifest.graphs().portable())), settings),
        batch);
  }

  /** Answers the rows, and leaves the answer where it is. */
  public void run(RowSource rows) {
    idle.addFirst(computed(rows));
  }

  /** Answers the rows: {@code [rows, classes]}. */
  public float[] answer(RowSource rows) {
    Lane lane = computed(rows);
    float[] answers = lane.answers().copy(rows.count());
    idle.addFirst(lane);
    return answers;
  }

  private Lane computed(RowSource rows) {
    Lane kept = idle.pollFirst();
    Lane lane = kept == null ? lane() : kept;
    rows.write(0, rows.count(), lane.in().values(), 0);
    session.run(lane.in().first(rows.count()), lane.outs().get(rows.count() - 1));
    return lane;
  }

  private Lane lane() {
    Pinned gate = new Pinned(Manifest.GATE_PROBABILITIES, List.of(manifest.experts()), batch);
    Pinned answers = new Pinned(Manifest.PROBABILITIES, List.of(manifest.classes().size()), batch);
    List<Map<String, OnnxTensor>> outs = new ArrayList<>();
    for (int rows = 1; rows <= batch; rows++) {
      Map<String, OnnxTensor> both = new HashMap<>(gate.first(rows));
      both.putAll(answers.first(rows));
      outs.add(both);
    }
    Pinned in = new Pinned(manifest.input().name(), manifest.input().shape().dims(), batch);
    return new Lane(in, gate, answers, outs);
  }

  @Override
  public void close() {
    session.close();
    for (Lane lane = idle.pollFirst(); lane != null; lane = idle.pollFirst()) {
      lane.close();
    }
  }
}
