package dev.gatehouse.trainer.loop;

import dev.gatehouse.proto.run.EpochMetrics;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far a training got, beside its parameters and the optimiser's moments.
 *
 * @param phase the phase that the moments belong to, from 0
 * @param epoch the epoch that the next step belongs to, from 1
 * @param step steps of that epoch that were taken
 * @param totals sums over these steps
 * @param adamSteps steps that the optimiser took in this phase
 * @param metrics the epochs that ended
 * @param best the epoch with the least error on the held-out rows; null before the first
 */
record TrainingState(
    int phase,
    int epoch,
    int step,
    Totals totals,
    int adamSteps,
    List<EpochMetrics> metrics,
    @Nullable Best best) {
  static final TrainingState START = new TrainingState(0, 1, 0, Totals.ZERO, 0, List.of(), null);

  /** Copies the list. */
  TrainingState {
    metrics = List.copyOf(metrics);
  }

  /**
   * Sums over the steps of an epoch.
   *
   * @param rows rows seen
   * @param loss sum of each row's share of the loss
   * @param wrong rows whose class was wrong
   */
  record Totals(long rows, double loss, long wrong) {
    static final Totals ZERO = new Totals(0, 0, 0);

    Totals plus(int stepRows, double stepLoss, long stepWrong) {
      return new Totals(rows + stepRows, loss + stepLoss * stepRows, wrong + stepWrong);
    }
  }

  /**
   * The epoch with the least error on the held-out rows, the first among equals.
   *
   * @param epoch from 1
   * @param error share of held-out rows that it got wrong under the rule to be served
   */
  record Best(int epoch, double error) {}

  /** One step further. */
  TrainingState stepped(Totals sums) {
    return new TrainingState(phase, epoch, step + 1, sums, adamSteps + 1, metrics, best);
  }

  /** Behind the end of the epoch. */
  TrainingState ended(EpochMetrics epochMetrics) {
    List<EpochMetrics> all = new ArrayList<>(metrics);
    all.add(epochMetrics);
    Best least = best;
    if (least == null || epochMetrics.servedError() < least.error()) {
      least = new Best(epoch, epochMetrics.servedError());
    }
    return new TrainingState(phase, epoch + 1, 0, Totals.ZERO, adamSteps, all, least);
  }

  /** In another phase, whose optimiser starts afresh. */
  TrainingState inPhase(int other) {
    return new TrainingState(other, epoch, step, totals, 0, metrics, best);
  }

  /**
   * Epochs of this phase that ended.
   *
   * @param stepsPerEpoch of the phase
   */
  int epochsOfPhase(int stepsPerEpoch) {
    return (adamSteps - step) / stepsPerEpoch;
  }

  /** True when the epoch that ended last is the best so far. */
  boolean improved() {
    return best != null && best.epoch() == epoch - 1;
  }
}
