package dev.gatehouse.trainer.model;

import ai.djl.ndarray.NDArray;

/**
 * What a gate says of a batch that no expert ran for.
 *
 * @param x [B, shape of a row] normalised rows
 * @param gate how the experts are weighed
 */
public record GatedRows(NDArray x, GateOutput gate) {}
