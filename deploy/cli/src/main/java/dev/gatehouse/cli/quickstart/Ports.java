package dev.gatehouse.cli.quickstart;

import dev.gatehouse.proto.cli.Unavailable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Looks at ports before minutes are spent on training. */
final class Ports {
  private Ports() {}

  /**
   * Does nothing when both ports are free; 0 always is.
   *
   * @throws Unavailable when one is taken
   */
  static void requireFree(int grpc, int http) {
    requireFree("--grpc-port", grpc);
    requireFree("--http-port", http);
  }

  private static void requireFree(String flag, int port) {
    if (port == 0) {
      return;
    }
    try {
      new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
    } catch (IOException e) {
      throw new Unavailable("port " + port + " is in use; name another with " + flag, e);
    }
  }
}
