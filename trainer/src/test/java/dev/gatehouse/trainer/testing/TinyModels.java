package dev.gatehouse.trainer.testing;

import dev.gatehouse.proto.network.Layer;
import dev.gatehouse.proto.network.ModelSpec;
import dev.gatehouse.proto.network.Network;
import dev.gatehouse.proto.network.Network.Tap;
import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.run.Training;
import dev.gatehouse.trainer.config.GateKind;
import dev.gatehouse.trainer.config.TrainConfig;
import java.util.List;

/** Models for {@link TinyData}'s images. */
public final class TinyModels {
  private TinyModels() {}

  public static Network network(int channels, int hidden) {
    return new Network(
        List.of(
            new Layer.Conv2d(channels, 3, 1),
            new Layer.Relu(),
            new Layer.MaxPool(3),
            new Layer.Flatten(),
            new Layer.Linear(hidden)),
        Tap.AFTER_RELU);
  }

  public static Network normalised(int channels, int hidden) {
    return new Network(
        List.of(
            new Layer.Conv2d(channels, 3, 1, false),
            new Layer.BatchNorm(),
            new Layer.Relu(),
            new Layer.MaxPool(3),
            new Layer.Flatten(),
            new Layer.Linear(hidden)),
        Tap.AFTER_RELU);
  }

  public static ModelSpec mixture(GateKind gate, int experts) {
    return new ModelSpec(
        TinyData.input(),
        List.of("upper", "lower", "upright", "level"),
        experts,
        network(2, 6),
        gate.spec(network(3, 5), 1));
  }

  /** A training of the paper's small networks on {@link TinyData}. */
  public static TrainConfig config(
      GateKind gate, int experts, RoutingRule serving, Training training) {
    return new TrainConfig("tiny", null, "paper-mnist", null, experts, gate, serving, training);
  }
}
