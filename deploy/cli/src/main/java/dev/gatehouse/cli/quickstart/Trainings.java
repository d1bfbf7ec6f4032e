package dev.gatehouse.cli.quickstart;

import dev.gatehouse.proto.run.Training;
import dev.gatehouse.trainer.config.Defaults;
import dev.gatehouse.trainer.config.DistillConfig;
import dev.gatehouse.trainer.config.GateKind;
import dev.gatehouse.trainer.config.TrainConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The three trainings of a quickstart, of one seed. */
final class Trainings {
  static final String SINGLE = "single";
  static final String ATTENTIVE = "attentive";
  static final String DISTILLED = "distilled";

  private final QuickstartOptions options;
  private final int number;
  private final Recipe recipe;

  /** The trainings of the {@code number}th quickstart. */
  Trainings(QuickstartOptions options, int number) {
    this.options = options;
    this.number = number;
    this.recipe = Recipe.of(options.dataset()).with(options);
  }

  /** One network of an expert's architecture, alone. */
  TrainConfig single() {
    return train(GateKind.NONE);
  }

  /** The mixture under the attentive gate. */
  TrainConfig mixture() {
    return train(GateKind.ATTENTIVE);
  }

  /** The mixture's experts under a plain gate, one expert a row. */
  DistillConfig distilled() {
    DistillConfig defaults = Defaults.distill(run(ATTENTIVE), options.dataDir());
    return defaults.training(numbers(defaults.training(), recipe.distilEpochs()));
  }

  /** True where one of the run folders is there. */
  boolean exist() {
    return Stream.of(SINGLE, ATTENTIVE, DISTILLED).map(this::run).anyMatch(Files::exists);
  }

  /** The run folder of a part: {@link #SINGLE}, {@link #ATTENTIVE} or {@link #DISTILLED}. */
  Path run(String part) {
    return options.run(number, part);
  }

  private TrainConfig train(GateKind gate) {
    TrainConfig defaults = Defaults.train(options.dataset(), options.dataDir(), gate);
    return new TrainConfig(
        defaults.dataset(),
        defaults.dataDir(),
        recipe.architecture(),
        null,
        gate == GateKind.NONE ? 1 : options.experts(),
        gate,
        defaults.serving(),
        numbers(defaults.training(), recipe.epochs()));
  }

  private Training numbers(Training defaults, int epochs) {
    return defaults.epochs(epochs).seed(options.seed());
  }
}
