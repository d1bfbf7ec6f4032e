package dev.gatehouse.trainer.model;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.network.ExpertSpec;
import dev.gatehouse.proto.network.GateSpec;
import dev.gatehouse.proto.network.ModelSpec;
import dev.gatehouse.proto.network.OwnClass;
import dev.gatehouse.proto.network.Shape;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a mixture has of classes of the user's own.
 *
 * @param expert every expert; null for one that Gatehouse knows
 * @param gate the gate; null for one that Gatehouse knows
 */
public record OwnParts(@Nullable OwnExpert expert, @Nullable OwnGate gate) {
  /** A gate of the user's own over experts that Gatehouse knows. */
  public static OwnParts gate(OwnGate gate) {
    return new OwnParts(null, gate);
  }

  /** Experts of the user's own under a gate that Gatehouse knows. */
  public static OwnParts expert(OwnExpert expert) {
    return new OwnParts(expert, null);
  }

  /**
   * Finds the classes.
   *
   * @throws BadInput as {@link OwnClass#instance}
   */
  public static OwnParts of(@Nullable OwnClass expert, @Nullable OwnClass gate) {
    return new OwnParts(
        expert == null ? null : expert.instance(OwnExpert.class),
        gate == null ? null : gate.instance(OwnGate.class));
  }

  /**
   * Finds the classes of a model.
   *
   * @throws BadInput as {@link OwnClass#instance}, and when a class asks for other parameters than
   *     the model has
   */
  static OwnParts of(ModelSpec spec) {
    ExpertSpec.Own expert = spec.expert() instanceof ExpertSpec.Own own ? own : null;
    GateSpec.Own gate = spec.gate() instanceof GateSpec.Own own ? own : null;
    OwnParts parts = of(expert == null ? null : expert.own(), gate == null ? null : gate.own());
    Shape row = spec.input().networkShape();
    requireSame(expert, parts.expertSpec(row, spec.classes().size()));
    requireSame(
        gate,
        parts.gateSpec(row, spec.experts(), spec.expert().width(), spec.gate().temperature()));
    return parts;
  }

  /**
   * The description of every expert; null where Gatehouse knows them.
   *
   * @param row shape of a normalised row
   */
  public ExpertSpec.@Nullable Own expertSpec(Shape row, int classes) {
    return expert == null
        ? null
        : new ExpertSpec.Own(
            OwnClass.of(expert), expert.width(row, classes), expert.parameters(row, classes));
  }

  /**
   * The description of the gate; null where Gatehouse knows it.
   *
   * @param row shape of a normalised row
   * @param width of the experts' last hidden layer
   * @param temperature the one it is served with
   */
  public GateSpec.@Nullable Own gateSpec(Shape row, int experts, int width, double temperature) {
    return gate == null
        ? null
        : new GateSpec.Own(OwnClass.of(gate), temperature, gate.parameters(row, experts, width));
  }

  private static void requireSame(@Nullable Object run, @Nullable Object now) {
    if (!Objects.equals(run, now)) {
      throw new BadInput(
          "a class of this run asks for other parameters now; run: %s; now: %s"
              .formatted(run, now));
    }
  }
}
