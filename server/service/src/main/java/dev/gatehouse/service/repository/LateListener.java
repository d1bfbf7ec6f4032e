package dev.gatehouse.service.repository;

import dev.gatehouse.engine.pipeline.PredictionListener;
import dev.gatehouse.engine.tensor.Routing;

/** A model's listener, which is known only after the model has been opened and has passed. */
final class LateListener implements PredictionListener {
  private volatile PredictionListener target = (routing, computed) -> {};

  /** Reports to {@code listener} from now on. */
  void reportTo(PredictionListener listener) {
    target = listener;
  }

  @Override
  public void predicted(Routing routing, Computed computed) {
    target.predicted(routing, computed);
  }
}
