package dev.gatehouse.service.web;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP server: the console for people, metrics and health for machines. Bound first, so that
 * the port is ours and whoever connects is held; started when there is time, since the HTTP library
 * takes longer to load than a model.
 */
public final class HttpPort implements AutoCloseable {
  private static final int MOST_THREADS = 32;

  /** Of these for bodies and what is asked with them: the others read, above all the metrics. */
  private static final int MOST_ASKING = 24;

  private static final int FEWEST_THREADS = 4;
  private static final int IDLE_MILLIS = 60_000;

  /** How long a body may take, in all: meanwhile it holds a thread. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final ServerSocketChannel socket;
  private final InetSocketAddress address;
  private @Nullable Server server;
  private @Nullable Pages pages;

  private HttpPort(ServerSocketChannel socket, InetSocketAddress address) {
    this.socket = socket;
    this.address = address;
  }

  /**
   * Takes the port; nobody is answered before {@link #start}.
   *
   * @param address where; port 0 for any free one
   * @throws IOException when the port is taken or the address is none of this machine
   */
  public static HttpPort bind(InetSocketAddress address) throws IOException {
    ServerSocketChannel socket = ServerSocketChannel.open();
    try {
      socket.bind(address);
      return new HttpPort(socket, (InetSocketAddress) socket.getLocalAddress());
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /**
   * Answers from now on.
   *
   * @param routes what stands where
   * @throws IllegalStateException when it was started before or is closed
   */
  public void start(Routes routes) {
    start(routes, PATIENCE);
  }

  /** Answers as {@link #start(Routes)} does, with another time for a body. */
  synchronized void start(Routes routes, Duration patience) {
    if (server != null || !socket.isOpen()) {
      throw new IllegalStateException("the HTTP server was started before, or is closed");
    }
    // Jetty's own queue asks for the platform's MBeans, all of them: a tenth of a second.
    QueuedThreadPool threads =
        new QueuedThreadPool(
            MOST_THREADS, FEWEST_THREADS, IDLE_MILLIS, new LinkedBlockingQueue<>());
    threads.setName("http");
    Server starting = new Server(threads);
    ServerConnector connector = new ServerConnector(starting, 1, 1);
    connector.setHost(address.getHostString());
    connector.setPort(address.getPort());
    // A read that the body's time ends in ends with this one.
    connector.setIdleTimeout(patience.dividedBy(3).toMillis());
    starting.addConnector(connector);
    Pages answering =
        new Pages(
            routes,
            patience.multipliedBy(2).dividedBy(3),
            MOST_ASKING,
            address.getAddress().isLoopbackAddress());
    starting.setHandler(answering);
    server = starting;
    pages = answering;
    try {
      connector.open(socket);
      starting.start();
    } catch (Exception e) {
      throw new IllegalStateException("the HTTP server does not start", e);
    }
  }

  /**
   * Also answers {@code more} from now on.
   *
   * @throws IllegalStateException before {@link #start}
   */
  public synchronized void add(Routes more) {
    if (pages == null) {
      throw new IllegalStateException("the HTTP server was not started");
    }
    pages.add(more);
  }

  /** The port that is listened on. */
  public int port() {
    return address.getPort();
  }

  /** Stops to listen and cuts off what is open; a second call does nothing. */
  @Override
  public synchronized void close() {
    try {
      if (server != null) {
        server.stop();
      }
      socket.close();
    } catch (Exception e) {
      throw new IllegalStateException("the HTTP server does not stop", e);
    }
  }
}
