package dev.gatehouse.bench.serve;

import dev.gatehouse.proto.cli.ChildJvm;
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
   * @param arguments the folder of models
   */
  public static void main(String[] arguments) throws IOException {
    ChildJvm.endWithParent();
    Server server = Server.start(ServerOptions.of(Path.of(arguments[0])).withPorts(0, 0));
    ServerReady.say(Integer.parseInt(server.grpcAddress().replaceFirst(".*:", "")));
  }
}
