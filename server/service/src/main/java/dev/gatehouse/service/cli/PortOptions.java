package dev.gatehouse.service.cli;

import dev.gatehouse.service.app.ServerOptions;
import picocli.CommandLine.Option;

/** The ports of a server, wherever a command starts one. */
public final class PortOptions {
  @Option(
      names = "--grpc-port",
      paramLabel = "PORT",
      defaultValue = "" + ServerOptions.DEFAULT_GRPC_PORT,
      description = "Port of gRPC, 0 for any free one; default ${DEFAULT-VALUE}.")
  private int grpc;

  @Option(
      names = "--http-port",
      paramLabel = "PORT",
      defaultValue = "" + ServerOptions.DEFAULT_HTTP_PORT,
      description = "Port of HTTP, 0 for any free one; default ${DEFAULT-VALUE}.")
  private int http;

  /**
   * Port of gRPC; 0 for any free one.
   *
   * @throws dev.gatehouse.proto.BadInput when it is out of range
   */
  public int grpc() {
    return ServerOptions.requirePort("--grpc-port", grpc);
  }

  /**
   * Port of HTTP; 0 for any free one.
   *
   * @throws dev.gatehouse.proto.BadInput when it is out of range
   */
  public int http() {
    return ServerOptions.requirePort("--http-port", http);
  }
}
