package dev.gatehouse.trainer.model;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/** The gate of a single model: p = 1, [B, 1]. */
record NoGate() implements Gate {
  @Override
  public GateOutput forward(GateInput input) {
    NDManager manager = input.x().getManager();
    Shape shape = new Shape(input.x().getShape().get(0), 1);
    return new GateOutput(manager.zeros(shape), manager.ones(shape));
  }
}
