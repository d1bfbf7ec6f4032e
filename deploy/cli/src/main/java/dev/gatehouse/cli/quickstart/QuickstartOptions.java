package dev.gatehouse.cli.quickstart;

import dev.gatehouse.proto.BadInput;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a quickstart does.
 *
 * @param dataset name of the data set; also the model's name
 * @param dataDir folder of the data set's files; null for an embedded one or the cache
 * @param architecture name of the experts' architecture; null for what suits the data set
 * @param experts number of experts, 2 or more
 * @param epochs passes over the training rows; null for what suits the data set
 * @param work folder for runs and models; each quickstart adds its own, nothing is replaced
 * @param grpcPort port of gRPC, 0 for any free one
 * @param httpPort port of HTTP, 0 for any free one
 * @param seed of everything drawn
 */
public record QuickstartOptions(
    String dataset,
    @Nullable Path dataDir,
    @Nullable String architecture,
    int experts,
    @Nullable Integer epochs,
    Path work,
    int grpcPort,
    int httpPort,
    long seed) {
  /** Checks what can be checked before the data are there. */
  public QuickstartOptions {
    if (experts < 2) {
      throw new BadInput("a mixture has 2 or more experts; experts=" + experts);
    }
  }

  /** The runs of the {@code number}th quickstart. */
  Path run(int number, String part) {
    return work.resolve("runs").resolve(dataset + "-" + number + "-" + part);
  }

  /** The folder that is served. */
  Path models() {
    return work.resolve("models");
  }
}
