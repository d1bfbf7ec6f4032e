package dev.gatehouse.trainer.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;

/** Arrays one behind another. */
final class FirstAxis {
  private FirstAxis() {}

  /** Joins the first axes. DJL's own joining of a single array cuts its gradient off. */
  static NDArray joined(NDList arrays) {
    return arrays.size() == 1 ? arrays.get(0) : NDArrays.concat(arrays, 0);
  }
}
