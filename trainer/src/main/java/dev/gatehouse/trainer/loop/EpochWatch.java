package dev.gatehouse.trainer.loop;

import dev.gatehouse.proto.run.EpochMetrics;
import dev.gatehouse.proto.run.Training;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Tells when a training goes wrong, or nowhere.
 *
 * @param training the configuration
 */
record EpochWatch(Training training) {
  /** Share of the held-out rows beyond which one expert means a collapsed gate. */
  static final double COLLAPSED = 0.95;

  /** An epoch whose loss is so many times the first one's has diverged. */
  static final double DIVERGED = 10;

  /**
   * True when the held-out error, as served, has not improved for as many epochs of this phase as
   * are allowed.
   *
   * @param stepsPerEpoch of the phase
   */
  boolean outOfPatience(TrainingState state, int stepsPerEpoch) {
    int patience = training.stopping().patience();
    List<EpochMetrics> all = state.metrics();
    int best = all.size() - state.epochsOfPhase(stepsPerEpoch);
    for (int i = best; i < all.size(); i++) {
      best = all.get(i).servedError() < all.get(best).servedError() ? i : best;
    }
    return patience > 0 && all.size() - 1 - best >= patience;
  }

  /** What to tell people of an epoch. */
  Optional<String> warning(EpochMetrics metrics) {
    List<Double> load = metrics.expertLoad();
    for (int e = 0; e < load.size() && load.size() > 1; e++) {
      if (load.get(e) > COLLAPSED) {
        return Optional.of(
            String.format(
                Locale.ROOT,
                "the gate has collapsed in epoch %d: expert %d takes %.1f%% of the held-out rows;"
                    + " try a larger importance or load_balance weight, an attentive gate, a smaller"
                    + " learning rate, or another seed",
                metrics.epoch(),
                e,
                100 * load.get(e)));
      }
    }
    return Optional.empty();
  }

  /**
   * Holds an epoch against the first.
   *
   * @throws Diverged when its loss has grown far beyond the first one's
   */
  void requireProgress(List<EpochMetrics> before, EpochMetrics now) {
    if (!before.isEmpty() && now.loss() > DIVERGED * Math.max(1, before.get(0).loss())) {
      throw new Diverged(
          String.format(
              Locale.ROOT,
              "the training diverges: mean loss %.4g in epoch %d, %.4g in the first; try a smaller"
                  + " learning rate, or a limit on the gradient with clip; learning_rate=%s",
              now.loss(),
              now.epoch(),
              before.get(0).loss(),
              training.optimizer().learningRate()));
    }
  }

  /** The end of a training whose loss is no number any more. */
  Diverged notANumber(TrainingState state, Objective.Outcome outcome, Step step) {
    String term =
        outcome.terms().stream()
            .filter(t -> !Double.isFinite(t.value().getFloat()))
            .map(Objective.Term::name)
            .findFirst()
            .orElse("their sum");
    String cause =
        step.number() == 0
            ? "this is the first step, so look for values in the data that are no numbers or very"
                + " large"
            : "try a smaller learning rate, or a limit on the gradient with clip; learning_rate="
                + training.optimizer().learningRate();
    return new Diverged(
        "the loss became %s in epoch %d, step %d (%s); %s"
            .formatted(outcome.loss().getFloat(), state.epoch(), state.step() + 1, term, cause));
  }
}
