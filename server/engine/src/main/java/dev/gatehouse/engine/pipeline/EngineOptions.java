package dev.gatehouse.engine.pipeline;

/**
 * How a model is opened.
 *
 * @param listener hears of every answered batch
 */
public record EngineOptions(PredictionListener listener) {
  /** Nobody listens. */
  public static EngineOptions defaults() {
    return new EngineOptions((routing, computedRows) -> {});
  }

  /** These options with {@code listener} in place of the one that was there. */
  public EngineOptions withListener(PredictionListener listener) {
    return new EngineOptions(listener);
  }
}
