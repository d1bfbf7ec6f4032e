package dev.gatehouse.trainer.config;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.network.GateSpec;
import dev.gatehouse.proto.network.Network;
import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.run.Training;
import org.jspecify.annotations.Nullable;

/**
 * A training from labels, before its data are loaded.
 *
 * @param dataset the data, by name or path, see {@link DataRef#of}
 * @param dataDir folder of the data set's files; null for an embedded one or the cache
 * @param reading how the user's own files are read
 * @param architecture name of the architecture, see {@link Architectures}
 * @param networks networks of the user's own, read where they say; null for those of {@code
 *     architecture}, read where the kind of the gate has it
 * @param own Java classes of the user's own, in place of experts and gate
 * @param experts number of experts, M; 1 without a gate
 * @param gate kind of the gate
 * @param serving the rule under which the model is to be served
 * @param servingTemperature of the gate once it is served; null for the last it was trained with
 * @param training the loop's numbers
 */
public record TrainConfig(
    String dataset,
    @Nullable String dataDir,
    Reading reading,
    String architecture,
    @Nullable Networks networks,
    OwnClasses own,
    int experts,
    GateKind gate,
    RoutingRule serving,
    @Nullable Double servingTemperature,
    Training training) {
  /** A training of what Gatehouse knows on data that are read as they are. */
  public TrainConfig(
      String dataset,
      @Nullable String dataDir,
      String architecture,
      @Nullable Networks networks,
      int experts,
      GateKind gate,
      RoutingRule serving,
      Training training) {
    this(
        dataset,
        dataDir,
        Reading.AS_THEY_ARE,
        architecture,
        networks,
        OwnClasses.NONE,
        experts,
        gate,
        serving,
        null,
        training);
  }

  /** Checks what can be checked before the data are there. */
  public TrainConfig {
    Architectures.named(architecture);
    if (experts < 1) {
      throw new BadInput("experts must be at least 1; experts=" + experts);
    }
    if (gate == GateKind.NONE && own.gate() == null && experts != 1) {
      throw new BadInput("gate none is a single model with experts=1; experts=" + experts);
    }
    requireChoice(training.rule(), experts);
    requireChoice(serving, experts);
    if (own.gate() == null) {
      gate.spec(both(architecture, networks).gate(), 1).requireServable(serving);
    }
    if (training.loss() == Training.Loss.EXPERT_LOSS
        && own.gate() == null
        && gate != GateKind.SOFTMAX
        && gate != GateKind.NOISY) {
      throw new BadInput("loss expert_loss needs a gate of its own to train; gate=" + gate);
    }
    Effective.requireLoss(training);
    if (own.gate() == null) {
      Effective.requireRegularizers(gate, training.regularizers());
    }
    if (training.distillation() != null) {
      throw new BadInput("a training from labels has no teacher; leave distillation out");
    }
  }

  /** This configuration with other numbers for the loop. */
  public TrainConfig training(Training other) {
    return new TrainConfig(
        dataset,
        dataDir,
        reading,
        architecture,
        networks,
        own,
        experts,
        gate,
        serving,
        servingTemperature,
        other);
  }

  /** This configuration with classes of the user's own. */
  public TrainConfig own(OwnClasses classes) {
    return new TrainConfig(
        dataset,
        dataDir,
        reading,
        architecture,
        networks,
        classes,
        experts,
        gate,
        serving,
        servingTemperature,
        training);
  }

  /**
   * The data to train on.
   *
   * @throws BadInput when they are to be read in a way that they cannot
   */
  public DataRef data() {
    return DataRef.of(dataset, dataDir, reading);
  }

  /** The network of every expert, where it is not of a class of the user's own. */
  public Network expertNetwork() {
    return both(architecture, networks).expert();
  }

  /** The gate, where it is not of a class of the user's own. */
  public GateSpec gateSpec() {
    return networks == null
        ? gate.spec(Architectures.named(architecture).networks().gate(), servedTemperature())
        : gate.exactly(networks.gate(), servedTemperature());
  }

  /** What divides the gate's scores once the model is served. */
  public double servedTemperature() {
    return servingTemperature == null ? training.temperature().last() : servingTemperature;
  }

  private static Networks both(String architecture, @Nullable Networks networks) {
    return networks == null ? Architectures.named(architecture).networks() : networks;
  }

  private static void requireChoice(RoutingRule rule, int experts) {
    if (rule.k() > experts) {
      throw new BadInput(
          "top_k must be in [1, experts]; top_k=" + rule.k() + ", experts=" + experts);
    }
  }
}
