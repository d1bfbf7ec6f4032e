package dev.gatehouse.service.web;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.LinkedBlockingQueue;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** The HTTP server: the console for people, metrics and health for machines. */
public final class HttpPort implements AutoCloseable {
  private static final int MOST_THREADS = 8;
  private static final int FEWEST_THREADS = 4;
  private static final int IDLE_MILLIS = 60_000;

  private final Server server;
  private final ServerConnector connector;
  private final Pages pages;

  private HttpPort(Server server, ServerConnector connector, Pages pages) {
    this.server = server;
    this.connector = connector;
    this.pages = pages;
  }

  /**
   * Starts to listen.
   *
   * @param address where; port 0 for any free one
   * @param routes what stands where
   * @throws IOException when the port is taken or the address is none of this machine
   */
  public static HttpPort start(InetSocketAddress address, Routes routes) throws IOException {
    // Jetty's own queue asks for the platform's MBeans, all of them: a tenth of a second.
    QueuedThreadPool threads =
        new QueuedThreadPool(
            MOST_THREADS, FEWEST_THREADS, IDLE_MILLIS, new LinkedBlockingQueue<>());
    threads.setName("http");
    Server server = new Server(threads);
    ServerConnector connector = new ServerConnector(server, 1, 1);
    connector.setHost(address.getAddress().getHostAddress());
    connector.setPort(address.getPort());
    server.addConnector(connector);
    Pages pages = new Pages(routes);
    server.setHandler(pages);
    try {
      connector.open();
      server.start();
    } catch (IOException e) {
      connector.close();
      throw e;
    } catch (Exception e) {
      connector.close();
      throw new IllegalStateException("the HTTP server does not start", e);
    }
    return new HttpPort(server, connector, pages);
  }

  /** Also answers {@code more} from now on. */
  public void add(Routes more) {
    pages.add(more);
  }

  /** The port that is listened on. */
  public int port() {
    return connector.getLocalPort();
  }

  /** Stops to listen and cuts off what is open; a second call does nothing. */
  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the HTTP server does not stop", e);
    }
  }
}
