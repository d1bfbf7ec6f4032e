package dev.gatehouse.service.app;

import dev.gatehouse.engine.pipeline.BatchLimits;
import dev.gatehouse.engine.pipeline.EngineOptions;
import dev.gatehouse.engine.schedule.Workers;
import dev.gatehouse.proto.BadInput;

/**
 * How a server computes rows.
 *
 * @param threads event loops, and threads that compute heavy models; 1 or more
 * @param limits of batches and queues of each model
 * @param expertMemory bytes that the experts of a model may take
 */
public record ComputeOptions(int threads, BatchLimits limits, long expertMemory) {
  /** Checks the number of threads. */
  public ComputeOptions {
    if (threads < 1) {
      throw new BadInput("a server needs at least one thread; --threads=" + threads);
    }
  }

  /** A thread a processor, the engine's limits, all experts in memory. */
  public static ComputeOptions defaults() {
    return new ComputeOptions(
        Runtime.getRuntime().availableProcessors(), BatchLimits.defaults(), Long.MAX_VALUE);
  }

  /** How models are opened. */
  EngineOptions engine(Workers workers) {
    return EngineOptions.defaults()
        .withMeasuredTuning()
        .withWorkers(workers)
        .withLimits(limits)
        .withExpertMemory(expertMemory);
  }
}
