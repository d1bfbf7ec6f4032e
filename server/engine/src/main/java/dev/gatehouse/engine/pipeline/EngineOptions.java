package dev.gatehouse.engine.pipeline;

import dev.gatehouse.engine.schedule.Policy;
import dev.gatehouse.engine.schedule.Workers;
import org.jspecify.annotations.Nullable;

/**
 * How a model is opened.
 *
 * @param listener hears of every answered batch
 * @param workers compute what {@link MoeModel#submit} queues; null for callers' threads alone. They
 *     stay the caller's, who closes them after the model
 * @param policy which rows are computed together; null to decide by what rows cost on this machine
 * @param limits of batches and queues
 */
public record EngineOptions(
    PredictionListener listener,
    @Nullable Workers workers,
    @Nullable Policy policy,
    BatchLimits limits) {
  /** Nobody listens, callers compute on their own threads. */
  public static EngineOptions defaults() {
    return new EngineOptions((routing, computed) -> {}, null, null, BatchLimits.defaults());
  }

  /** These options with {@code listener} in place of the one that was there. */
  public EngineOptions withListener(PredictionListener listener) {
    return new EngineOptions(listener, workers, policy, limits);
  }

  /** These options with workers for calls that are submitted. */
  public EngineOptions withWorkers(Workers workers) {
    return new EngineOptions(listener, workers, policy, limits);
  }

  /** These options with the policy said, and not measured. */
  public EngineOptions withPolicy(Policy policy) {
    return new EngineOptions(listener, workers, policy, limits);
  }

  /** These options with other limits. */
  public EngineOptions withLimits(BatchLimits limits) {
    return new EngineOptions(listener, workers, policy, limits);
  }
}
