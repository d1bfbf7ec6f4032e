package dev.gatehouse.cli.quickstart;

import dev.gatehouse.trainer.config.Architectures;
import dev.gatehouse.trainer.config.Defaults;
import dev.gatehouse.trainer.config.GateKind;

/**
 * The numbers that a quickstart uses for a data set.
 *
 * @param architecture name of the architecture of experts and gate
 * @param epochs passes over the training rows, of the single network and the mixture
 * @param distilEpochs passes of the distillation
 */
record Recipe(String architecture, int epochs, int distilEpochs) {
  /** The paper's tiny experts: one of them is too small for both families of drawings. */
  private static final Recipe STROKES = new Recipe("paper-mnist", 20, 10);

  private static final Recipe DEFAULT =
      new Recipe(
          Architectures.DEFAULT,
          Defaults.training(GateKind.ATTENTIVE).epochs(),
          Defaults.distillation().epochs());

  /** The recipe of a data set. */
  static Recipe of(String dataset) {
    return dataset.equals("strokes") ? STROKES : DEFAULT;
  }

  /** This recipe with what was asked for instead. */
  Recipe with(QuickstartOptions options) {
    String named = options.architecture();
    Integer asked = options.epochs();
    return new Recipe(
        named == null ? architecture : named,
        asked == null ? epochs : asked,
        asked == null ? distilEpochs : asked);
  }
}
