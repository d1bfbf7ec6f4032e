package dev.gatehouse.engine.pipeline;

import dev.gatehouse.engine.tensor.Prediction;
import dev.gatehouse.engine.tensor.RowSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A call of more rows than one run takes, which is computed in parts: others take their turn in
 * between, several threads share it, and what is left ends soon once nobody waits for it. The call
 * ends when every part has. Thread-safe.
 */
final class PartedCall {
  private final Call whole;
  private final List<Answer> answers = new ArrayList<>();
  private int left;
  private @Nullable Throwable failure;
  private boolean dropped;

  private record Answer(int from, Prediction prediction) {}

  /** A call of which no part has been taken. */
  PartedCall(Call whole) {
    this.whole = whole;
    this.left = whole.rows().count();
  }

  /** Some of its rows as a call of their own; each row is in one part. */
  Call part(int from, int rows) {
    return new Part(new PartRows(whole.rows(), from, rows));
  }

  private final class Part implements Call {
    private final PartRows rows;

    Part(PartRows rows) {
      this.rows = rows;
    }

    @Override
    public RowSource rows() {
      return rows;
    }

    @Override
    public boolean isWaiting() {
      return isOfUse() && whole.isWaiting();
    }

    @Override
    public long deadline() {
      return whole.deadline();
    }

    @Override
    public void answered(Prediction prediction) {
      end(rows.count(), () -> answers.add(new Answer(rows.from(), prediction)));
    }

    @Override
    public void failed(Throwable reason) {
      end(rows.count(), () -> failure = failure == null ? reason : failure);
    }

    @Override
    public void dropped() {
      end(rows.count(), () -> dropped = true);
    }
  }

  private synchronized boolean isOfUse() {
    return failure == null && !dropped;
  }

  private void end(int rows, Runnable how) {
    synchronized (this) {
      how.run();
      left -= rows;
      if (left > 0) {
        return;
      }
    }
    // Nobody else touches it any more.
    end();
  }

  private void end() {
    if (failure != null) {
      whole.failed(failure);
    } else if (dropped) {
      whole.dropped();
    } else {
      Prediction joined;
      try {
        answers.sort((a, b) -> Integer.compare(a.from(), b.from()));
        joined = Prediction.joined(answers.stream().map(Answer::prediction).toList());
      } catch (RuntimeException | Error e) {
        whole.failed(e);
        return;
      }
      whole.answered(joined);
    }
  }
}
