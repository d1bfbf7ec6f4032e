package dev.gatehouse.trainer.model;

import ai.djl.ndarray.NDArray;
import dev.gatehouse.proto.network.ParameterSpec;
import dev.gatehouse.proto.network.Shape;
import java.util.List;
import java.util.function.Function;

/**
 * An expert of the user's own, to be trained: which parameters it has, and what it makes of them.
 * Implement it by a record; its components are written into the run folder, from which the record
 * is made again.
 */
public interface OwnExpert {
  /**
   * The parameters of one expert. Initialisation, optimiser, checkpoints and weights are seen to;
   * each expert has values of its own.
   *
   * @param row shape of a normalised row
   * @param classes number of classes, C
   */
  List<ParameterSpec> parameters(Shape row, int classes);

  /**
   * Width h of the hidden layer that it gives, where an attentive gate takes its keys.
   *
   * @return C, which suits an expert that gives its logits for it
   */
  default int width(Shape row, int classes) {
    return classes;
  }

  /**
   * The expert for one forward pass.
   *
   * @param parameters finds its arrays by the names that {@link #parameters} gives them; gradients
   *     reach them
   */
  Expert expert(Function<String, NDArray> parameters);
}
