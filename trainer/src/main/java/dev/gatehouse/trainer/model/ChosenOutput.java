package dev.gatehouse.trainer.model;

import ai.djl.ndarray.NDArray;

/**
 * What a mixture says of a batch of which each row ran only the experts chosen for it.
 *
 * @param x [B, shape of a row] normalised rows
 * @param gate how all experts are weighed
 * @param y [B, C] class probabilities under the rule, as they are trained
 */
public record ChosenOutput(NDArray x, GateOutput gate, NDArray y) {}
