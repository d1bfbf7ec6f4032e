package dev.gatehouse.service.app;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.cli.Unavailable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** Starts to listen, and says in one line why that fails. */
final class Listening {
  private Listening() {}

  /** Opens a port. */
  @FunctionalInterface
  interface Opening<P> {
    /** Listens on {@code address}. */
    P on(InetSocketAddress address) throws IOException;
  }

  /**
   * The address of a host's name.
   *
   * @throws BadInput when the name is unknown
   */
  static InetAddress host(String name) {
    try {
      return InetAddress.getByName(name);
    } catch (UnknownHostException e) {
      throw new BadInput("the host '" + name + "' is unknown; name another with --host", e);
    }
  }

  /**
   * Listens on {@code address}.
   *
   * @param flag the option that names another port
   * @throws Unavailable when the port is taken, or the address is none of this machine
   */
  static <P> P on(InetSocketAddress address, String flag, Opening<P> opening) {
    try {
      return opening.on(address);
    } catch (IOException e) {
      String host = address.getAddress().getHostAddress();
      if (isTaken(e)) {
        throw new Unavailable(
            "port " + address.getPort() + " on " + host + " is in use; name another with " + flag,
            e);
      }
      throw new Unavailable(
          "cannot listen on " + host + ":" + address.getPort() + ": " + root(e).getMessage(), e);
    }
  }

  private static boolean isTaken(Throwable thrown) {
    return String.valueOf(root(thrown).getMessage()).contains("in use");
  }

  private static Throwable root(Throwable thrown) {
    Throwable root = thrown;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }
}
