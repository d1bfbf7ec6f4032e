package dev.gatehouse.trainer.model;

import ai.djl.ndarray.NDArray;
import dev.gatehouse.proto.network.ParameterSpec;
import dev.gatehouse.proto.network.Shape;
import java.util.List;
import java.util.function.Function;

/**
 * A gate of the user's own, to be trained: which parameters it has, and what it makes of them.
 * Implement it by a record; its components are written into the run folder, from which the record
 * is made again.
 */
public interface OwnGate {
  /**
   * The parameters of the gate. Initialisation, optimiser, checkpoints and weights are seen to.
   *
   * @param row shape of a normalised row
   * @param experts number of experts, M
   * @param width of the experts' last hidden layer, h
   */
  List<ParameterSpec> parameters(Shape row, int experts, int width);

  /**
   * The gate for one forward pass. It is always told what the experts say.
   *
   * @param parameters finds its arrays by the names that {@link #parameters} gives them; gradients
   *     reach them
   */
  Gate gate(Function<String, NDArray> parameters);
}
