package dev.gatehouse.bench.serve;

import dev.gatehouse.proto.cli.ChildJvm;
import dev.gatehouse.proto.file.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The load generator's process. */
final class LoadProcess implements AutoCloseable {
  private final Talker process;

  private LoadProcess(Talker process) {
    this.process = process;
  }

  /** Starts it with a file of requests. */
  static LoadProcess start(Path requests, Path folder) throws IOException {
    ProcessBuilder command = ChildJvm.of(LoadGenerator.class, List.of(requests.toString()));
    return new LoadProcess(Talker.start("load", command, folder));
  }

  /** One run against a server. */
  Observed run(Contender server, LoadOrder order) throws IOException {
    long bytes = server.allocatedBytes();
    long cpu = server.process().cpuNanos();
    process.say(Json.line(order));
    LoadSeen seen = process.hear(LoadSeen.class);
    if (seen.failure() != null) {
      throw new IllegalStateException(
          server.name() + " did not answer a request: " + seen.failure());
    }
    double answered = Math.max(1, seen.answered());
    return new Observed(
        seen.rate(),
        (server.process().cpuNanos() - cpu) / 1e3 / answered,
        (server.allocatedBytes() - bytes) / answered,
        seen.p50Us(),
        seen.p99Us(),
        seen.p999Us());
  }

  @Override
  public void close() {
    process.close();
  }
}
