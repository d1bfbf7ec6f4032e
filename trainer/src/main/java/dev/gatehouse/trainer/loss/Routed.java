package dev.gatehouse.trainer.loss;

import ai.djl.ndarray.NDArray;
import java.util.function.Supplier;

/**
 * What a regulariser may look at.
 *
 * @param x [B, ...] what the distance between rows is measured on
 * @param logits [B, M] of the gate
 * @param probabilities p [B, M] of the gate
 * @param choice gives [B, M] 1 for each expert that the row is routed to, else 0; asked by few
 */
public record Routed(NDArray x, NDArray logits, NDArray probabilities, Supplier<NDArray> choice) {}
