package dev.gatehouse.bench.serve;

import dev.gatehouse.engine.pipeline.BatchLimits;
import dev.gatehouse.proto.cli.ChildJvm;
import dev.gatehouse.service.app.ComputeOptions;
import dev.gatehouse.service.app.Server;
import dev.gatehouse.service.app.ServerOptions;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A process that is Gatehouse's server with its defaults, with the JVM options of the benchmark.
 */
final class OwnServer {
  private OwnServer() {}

  /**
   * The process.
   *
   * @param arguments the folder of models, and the rows of a request: of as many requests as one of
   *     a row each may wait, since load that comes on time is to be answered late, not refused
   */
  public static void main(String[] arguments) throws IOException {
    ChildJvm.endWithParent();
    ServerOptions options = ServerOptions.of(Path.of(arguments[0])).withPorts(0, 0);
    int rows = Integer.parseInt(arguments[1]);
    Server server = Server.start(rows == 1 ? options : options.withCompute(compute(rows)));
    ServerReady.say(Integer.parseInt(server.grpcAddress().replaceFirst(".*:", "")));
  }

  private static ComputeOptions compute(int rows) {
    ComputeOptions defaults = ComputeOptions.defaults();
    BatchLimits limits = defaults.limits();
    return new ComputeOptions(
        defaults.threads(),
        new BatchLimits(
            limits.maxBatch(), rows * BatchLimits.DEFAULT_MAX_QUEUED_ROWS, limits.maxWait()),
        defaults.expertMemory());
  }
}
