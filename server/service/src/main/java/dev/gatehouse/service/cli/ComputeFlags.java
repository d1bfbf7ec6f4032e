package dev.gatehouse.service.cli;

import dev.gatehouse.engine.pipeline.BatchLimits;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.service.app.ComputeOptions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
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
      description =
          "Most rows of a model, and images to be decoded, that wait before requests are refused; "
              + BatchLimits.DEFAULT_MAX_QUEUED_ROWS
              + ", and of rows no more than make 256 MiB of 32-bit floats.")
  private @Nullable Integer maxQueue;

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
        new BatchLimits(maxBatch, queuedRows(), Duration.ofMillis(maxWaitMillis)),
        expertMemory);
  }

  private int queuedRows() {
    if (maxQueue == null) {
      return BatchLimits.BY_SIZE;
    }
    if (maxQueue < 1) {
      throw new BadInput("--max-queue is 1 or more; --max-queue=" + maxQueue);
    }
    return maxQueue;
  }
}
