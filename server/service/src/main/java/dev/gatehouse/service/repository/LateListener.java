package dev.gatehouse.service.repository;

import dev.gatehouse.engine.pipeline.PredictionListener;
import dev.gatehouse.engine.tensor.Routing;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A model's listener, which is known only after the model has been opened and has passed. It hears
 * of the experts that were loaded before.
 */
final class LateListener implements PredictionListener {
  private final List<Consumer<PredictionListener>> early = new ArrayList<>();
  private volatile @Nullable PredictionListener target;

  /** Reports to {@code listener} from now on. */
  synchronized void reportTo(PredictionListener listener) {
    early.forEach(event -> event.accept(listener));
    early.clear();
    target = listener;
  }

  @Override
  public void predicted(Routing routing, Computed computed) {
    PredictionListener known = target;
    if (known != null) {
      known.predicted(routing, computed);
    }
  }

  @Override
  public void loaded(int e, long nanos) {
    tell(listener -> listener.loaded(e, nanos));
  }

  @Override
  public void evicted(int e) {
    tell(listener -> listener.evicted(e));
  }

  private synchronized void tell(Consumer<PredictionListener> event) {
    PredictionListener known = target;
    if (known == null) {
      early.add(event);
    } else {
      event.accept(known);
    }
  }
}
