package dev.gatehouse.trainer.config;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.network.InputSpec;
import dev.gatehouse.proto.network.ModelSpec;
import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.run.Run;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A training run from labels, before its data are loaded.
 *
 * @param dataset name of the data set
 * @param dataDir folder of the data set's files; null for an embedded one
 * @param architecture name of the architecture, see {@link Architectures}
 * @param experts number of experts, M; 1 without a gate
 * @param gate kind of the gate
 * @param serving the rule under which the model is to be served
 * @param training the loop's numbers
 * @param out the run folder to be made
 */
public record TrainConfig(
    String dataset,
    @Nullable Path dataDir,
    String architecture,
    int experts,
    GateKind gate,
    RoutingRule serving,
    Run.Training training,
    Path out) {
  /** Checks what can be checked before the data are there. */
  public TrainConfig {
    Architectures.named(architecture);
    if (experts < 1) {
      throw new BadInput("experts must be at least 1; experts=" + experts);
    }
    if (gate == GateKind.NONE && experts != 1) {
      throw new BadInput("gate none is a single model with experts=1; experts=" + experts);
    }
    if (training.rule() instanceof RoutingRule.TopK top && top.k() > experts) {
      throw new BadInput(
          "top_k must be in [1, experts]; top_k=" + top.k() + ", experts=" + experts);
    }
  }

  /** The numbers of a run that names none: what measured best on MNIST with five experts. */
  public static Run.Training defaultTraining(GateKind gate) {
    boolean regularised = gate != GateKind.NONE;
    return new Run.Training(
        new RoutingRule.Dense(), 5, 128, 3e-3, 0, regularised ? 0.2 : 0, 0, 0, 1);
  }

  /** Five attentive experts of the default architecture, balanced by L_importance. */
  public static TrainConfig defaults(String dataset, @Nullable Path dataDir, Path out) {
    return new TrainConfig(
        dataset,
        dataDir,
        Architectures.DEFAULT,
        5,
        GateKind.ATTENTIVE,
        new RoutingRule.Dense(),
        defaultTraining(GateKind.ATTENTIVE),
        out);
  }

  /** This configuration with other numbers for the loop. */
  public TrainConfig withTraining(Run.Training other) {
    return new TrainConfig(dataset, dataDir, architecture, experts, gate, serving, other, out);
  }

  /**
   * The model to train.
   *
   * @throws BadInput when a row does not fit the architecture, or the serving rule the gate
   */
  public ModelSpec model(InputSpec input, List<String> classes) {
    Architecture named = Architectures.named(architecture);
    ModelSpec spec =
        new ModelSpec(input, classes, experts, named.expert(), gate.spec(named.gate()));
    spec.servable(serving);
    return spec;
  }
}
