package dev.gatehouse.service.cli;

import dev.gatehouse.engine.pipeline.BatchLimits;
import dev.gatehouse.service.app.ComputeOptions;
import java.time.Duration;
import picocli.CommandLine.Option;

/** Options that say how rows are computed. */
final class ComputeFlags {
  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Event loops, and threads that compute heavy models; the processors.")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--max-batch",
      paramLabel = "ROWS",
      defaultValue = "" + BatchLimits.DEFAULT_MAX_BATCH,
      description = "Most rows of different requests that are computed together; ${DEFAULT-VALUE}.")
  private int maxBatch;

  @Option(
      names = "--max-queue",
      paramLabel = "ROWS",
      defaultValue = "" + BatchLimits.DEFAULT_MAX_QUEUED_ROWS,
      description =
          "Most rows of a model, and images to be decoded, that wait before requests are refused;"
              + " ${DEFAULT-VALUE}.")
  private int maxQueue;

  @Option(
      names = "--max-wait-ms",
      paramLabel = "MS",
      defaultValue = "" + BatchLimits.DEFAULT_MAX_WAIT_MILLIS,
      description =
          "How long a row waits for a seldom chosen expert behind others; ${DEFAULT-VALUE}.")
  private int maxWaitMillis;

  @Option(
      names = "--expert-memory",
      paramLabel = "SIZE",
      converter = ByteSize.class,
      description =
          "Memory that the experts of a model may take, such as 500M or 2G: the most used stay,"
              + " others are loaded when rows need them; no limit if not given.")
  private long expertMemory = Long.MAX_VALUE;

  ComputeOptions options() {
    return new ComputeOptions(
        threads,
        new BatchLimits(maxBatch, maxQueue, Duration.ofMillis(maxWaitMillis)),
        expertMemory);
  }
}
