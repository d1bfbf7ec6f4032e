package dev.gatehouse.engine.pipeline;

import dev.gatehouse.engine.tensor.Prediction;
import dev.gatehouse.engine.tensor.RowSource;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Rows through every stage in one go, on the thread that asks. Thread-safe.
 *
 * @param most rows of the calls that are computed together
 * @param heard hears of each prediction that answers calls, before they do; throws nothing
 */
record DirectRun(
    Inference inference, InputCheck check, Lanes lanes, int most, Consumer<Prediction> heard) {

  /** Answers rows, 1 or more, of the right length; whoever asks tells who hears of it. */
  Prediction of(RowSource rows) {
    Lane lane = lanes.lend();
    try {
      lane.in().reserve(rows.count());
      rows.write(0, rows.count(), lane.in().values(), 0);
      check.checkValues(rows, lane.in(), 0);
      return inference.answer(lane, rows.count());
    } finally {
      lanes.giveBack(lane);
    }
  }

  /** Computes calls in as few batches as may be, and ends each. */
  void answer(List<Call> calls) {
    int from = 0;
    while (from < calls.size()) {
      int rows = 0;
      int to = from;
      do {
        rows += calls.get(to++).rows().count();
      } while (to < calls.size() && rows + calls.get(to).rows().count() <= most);
      answer(calls.subList(from, to), rows);
      from = to;
    }
  }

  private void answer(List<Call> calls, int rows) {
    Batch batch = new Batch();
    // The batch ends those that it does not take.
    List<Call> waiting = calls;
    Prediction prediction;
    @Nullable Lane lane = null;
    try {
      lane = lanes.lend();
      lane.in().reserve(rows);
      for (Call call : calls) {
        batch.add(call, lane, check);
      }
      waiting = batch.calls();
      if (batch.rows() == 0) {
        return;
      }
      prediction = inference.answer(lane, batch.rows());
    } catch (RuntimeException | Error e) {
      waiting.forEach(call -> call.failed(e));
      return;
    } finally {
      lanes.giveBack(lane);
    }
    heard.accept(prediction);
    batch.answer(prediction);
  }
}
