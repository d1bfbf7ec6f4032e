package dev.gatehouse.trainer.model;

/** Weighs the experts for each row. Implement it to train a gate of your own. */
@FunctionalInterface
public interface Gate {
  /** Weighs the experts for a batch. */
  GateOutput forward(GateInput input);
}
