package dev.gatehouse.trainer.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.network.ExpertSpec;
import dev.gatehouse.proto.network.GateSpec;

/** Holds the shapes of what classes of the user's own answer against what a mixture needs. */
final class OwnAnswers {
  private OwnAnswers() {}

  /** {@code expert}, refusing answers that are not [B, classes] and [B, width]. */
  static Expert checked(ExpertSpec.Own spec, Expert expert, int classes) {
    String type = spec.own().type();
    return (x, pass) -> {
      ExpertOutput output = expert.forward(x, pass);
      require(type, "logits", output.logits(), x, classes);
      require(type, "hidden", output.hidden(), x, spec.width());
      return output;
    };
  }

  /** {@code gate}, refusing answers that are not [B, experts]. */
  static Gate checked(GateSpec.Own spec, Gate gate, int experts) {
    String type = spec.own().type();
    return input -> {
      GateOutput output = gate.forward(input);
      require(type, "logits", output.logits(), input.x(), experts);
      require(type, "probabilities", output.probabilities(), input.x(), experts);
      return output;
    };
  }

  private static void require(String type, String what, NDArray found, NDArray x, long columns) {
    Shape wanted = new Shape(x.getShape().get(0), columns);
    if (!found.getShape().equals(wanted)) {
      throw new BadInput(
          "%s: %s must be of shape %s; shape=%s".formatted(type, what, wanted, found.getShape()));
    }
  }
}
