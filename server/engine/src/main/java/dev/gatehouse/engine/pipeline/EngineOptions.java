package dev.gatehouse.engine.pipeline;

import dev.gatehouse.engine.schedule.Policy;
import dev.gatehouse.engine.schedule.Workers;
import org.jspecify.annotations.Nullable;

/**
 * How a model is opened.
 *
 * @param listener hears of every answered batch, and of experts that come into memory and leave it
 * @param workers compute what {@link MoeModel#submit} queues; null for callers' threads alone. They
 *     stay the caller's, who closes them after the model
 * @param policy which rows are computed together; null to decide by what rows cost on this machine
 * @param limits of batches and queues
 * @param expertMemory bytes that the experts of a sparse model may take; the most used stay in
 *     memory, others are loaded when rows need them
 * @param tuning how graphs are loaded; null to take what runs faster on this machine, by timing, so
 *     that the answers of two loads may differ in their last bits
 */
public record EngineOptions(
    PredictionListener listener,
    @Nullable Workers workers,
    @Nullable Policy policy,
    BatchLimits limits,
    long expertMemory,
    @Nullable Tuning tuning) {
  /** Nobody listens, callers compute on their own threads. */
  public static EngineOptions defaults() {
    return new EngineOptions(
        (routing, computed) -> {},
        null,
        null,
        BatchLimits.defaults(),
        Long.MAX_VALUE,
        Tuning.FIXED);
  }

  /** These options with {@code listener} in place of the one that was there. */
  public EngineOptions withListener(PredictionListener listener) {
    return new EngineOptions(listener, workers, policy, limits, expertMemory, tuning);
  }

  /** These options with workers for calls that are submitted. */
  public EngineOptions withWorkers(Workers workers) {
    return new EngineOptions(listener, workers, policy, limits, expertMemory, tuning);
  }

  /** These options with the policy said, and not measured. */
  public EngineOptions withPolicy(Policy policy) {
    return new EngineOptions(listener, workers, policy, limits, expertMemory, tuning);
  }

  /** These options with other limits. */
  public EngineOptions withLimits(BatchLimits limits) {
    return new EngineOptions(listener, workers, policy, limits, expertMemory, tuning);
  }

  /** These options with a limit for the memory of experts, bytes. */
  public EngineOptions withExpertMemory(long expertMemory) {
    return new EngineOptions(listener, workers, policy, limits, expertMemory, tuning);
  }

  /** Loads graphs as {@code tuning} says, for one who knows the machine. */
  public EngineOptions withTuning(Tuning tuning) {
    return new EngineOptions(listener, workers, policy, limits, expertMemory, tuning);
  }

  /** These options, with graphs loaded as they run fastest on this machine. */
  public EngineOptions withMeasuredTuning() {
    return new EngineOptions(listener, workers, policy, limits, expertMemory, null);
  }
}
