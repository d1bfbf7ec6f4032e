package dev.gatehouse.service.app;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.bundle.TrustedKeys;
import java.nio.file.Path;
import java.time.Duration;

/**
 * How a server runs.
 *
 * @param models the folder that holds {@code NAME/VERSION/}
 * @param host name or address to listen on; the loopback unless said otherwise
 * @param grpcPort port of gRPC; 0 for any free one
 * @param httpPort port of HTTP; 0 for any free one
 * @param grace how long requests that have arrived may take when the server stops
 * @param maxMessageBytes the largest gRPC request that is read
 * @param compute how rows are computed
 * @param trusted whose bundles are served; everybody's unless said otherwise
 */
public record ServerOptions(
    Path models,
    String host,
    int grpcPort,
    int httpPort,
    Duration grace,
    int maxMessageBytes,
    ComputeOptions compute,
    TrustedKeys trusted) {
  /** Listens on this machine alone. */
  public static final String DEFAULT_HOST = "127.0.0.1";

  /** Default port of gRPC. */
  public static final int DEFAULT_GRPC_PORT = 9090;

  /** Default port of HTTP. */
  public static final int DEFAULT_HTTP_PORT = 8080;

  /** Default of the grace period, seconds. */
  public static final int DEFAULT_GRACE_SECONDS = 20;

  /** Default of the largest request, MiB. */
  public static final int DEFAULT_MAX_MESSAGE_MIB = 64;

  private static final int MOST_MESSAGE_MIB = 1024;
  private static final int MIB = 1 << 20;

  /** Checks the ranges. */
  public ServerOptions {
    requirePort("--grpc-port", grpcPort);
    requirePort("--http-port", httpPort);
    if (grpcPort != 0 && grpcPort == httpPort) {
      throw new BadInput(
          "gRPC and HTTP need a port each; --grpc-port=" + grpcPort + ", --http-port=" + httpPort);
    }
    if (grace.isNegative()) {
      throw new BadInput("the grace period is 0 seconds or more; --grace=" + grace.toSeconds());
    }
    if (maxMessageBytes < 1) {
      throw new BadInput("a message has at least one byte; maxMessageBytes=" + maxMessageBytes);
    }
  }

  /** The defaults, for the models in {@code models}. */
  public static ServerOptions of(Path models) {
    return new ServerOptions(
        models,
        DEFAULT_HOST,
        DEFAULT_GRPC_PORT,
        DEFAULT_HTTP_PORT,
        Duration.ofSeconds(DEFAULT_GRACE_SECONDS),
        DEFAULT_MAX_MESSAGE_MIB * MIB,
        ComputeOptions.defaults(),
        TrustedKeys.everybody());
  }

  /** The same on other ports; 0 for any free one. */
  public ServerOptions withPorts(int grpc, int http) {
    return new ServerOptions(models, host, grpc, http, grace, maxMessageBytes, compute, trusted);
  }

  /** The same on another host. */
  public ServerOptions withHost(String newHost) {
    return new ServerOptions(
        models, newHost, grpcPort, httpPort, grace, maxMessageBytes, compute, trusted);
  }

  /** The same with another grace period. */
  public ServerOptions withGrace(Duration newGrace) {
    return new ServerOptions(
        models, host, grpcPort, httpPort, newGrace, maxMessageBytes, compute, trusted);
  }

  /** The same with another limit of a request, in MiB. */
  public ServerOptions withMaxMessageMib(int mib) {
    if (mib < 1 || mib > MOST_MESSAGE_MIB) {
      throw new BadInput(
          "the largest message is in [1, " + MOST_MESSAGE_MIB + "] MiB; --max-message-mib=" + mib);
    }
    return new ServerOptions(models, host, grpcPort, httpPort, grace, mib * MIB, compute, trusted);
  }

  /** The same with rows computed otherwise. */
  public ServerOptions withCompute(ComputeOptions newCompute) {
    return new ServerOptions(
        models, host, grpcPort, httpPort, grace, maxMessageBytes, newCompute, trusted);
  }

  /** The same for bundles of others. */
  public ServerOptions withTrusted(TrustedKeys keys) {
    return new ServerOptions(
        models, host, grpcPort, httpPort, grace, maxMessageBytes, compute, keys);
  }

  /**
   * The port, once it is known to be one.
   *
   * @param flag names it in the message of a failure
   * @throws BadInput when it is none
   */
  public static int requirePort(String flag, int port) {
    if (port < 0 || port > 0xffff) {
      throw new BadInput("a port is in [0, 65535]; " + flag + "=" + port);
    }
    return port;
  }
}
