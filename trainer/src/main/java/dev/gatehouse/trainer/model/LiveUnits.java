package dev.gatehouse.trainer.model;

import ai.djl.ndarray.NDArray;

/**
 * How many units of a hidden layer say anything behind their ReLU. One that is dead on every row
 * gets no gradient either, so it stays dead.
 *
 * @param layer the last layer before the ReLU, named as parameters are: {@code gate.trunk.3}
 * @param live units, channels of a convolution, that are above 0 on a row or more
 * @param units all of them
 */
public record LiveUnits(String layer, int live, int units) {
  /**
   * Counts those of a layer.
   *
   * @param values before the ReLU, [B, units] or [B, channels, height, width]
   */
  static LiveUnits of(String layer, NDArray values) {
    long units = values.getShape().get(1);
    NDArray byUnit = values.swapAxes(0, 1).reshape(units, -1);
    long live = byUnit.max(new int[] {1}).gt(0).countNonzero().getLong();
    return new LiveUnits(layer, Math.toIntExact(live), Math.toIntExact(units));
  }

  /** The share that lives, of 1. */
  public double share() {
    return (double) live / units;
  }
}
