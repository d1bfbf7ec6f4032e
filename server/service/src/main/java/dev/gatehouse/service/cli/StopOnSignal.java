package dev.gatehouse.service.cli;

import dev.gatehouse.proto.cli.ExitCode;
import dev.gatehouse.service.app.Server;

/** Keeps a server up until SIGTERM or Ctrl-C. */
public final class StopOnSignal {
  private StopOnSignal() {}

  /**
   * Waits until the server has closed. A signal drains it first; the exit code is then 0, where a
   * JVM that a signal ends would leave with 128 and the signal's number.
   */
  public static void await(Server server) throws InterruptedException {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server), "stop"));
    server.awaitClosed();
  }

  private static void stop(Server server) {
    server.close();
    Runtime.getRuntime().halt(ExitCode.OK);
  }
}
