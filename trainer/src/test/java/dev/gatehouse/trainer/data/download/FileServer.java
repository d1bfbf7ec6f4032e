package dev.gatehouse.trainer.data.download;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** A real HTTP server of files on this machine, which can be told to misbehave. */
final class FileServer implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService workers = Executors.newCachedThreadPool();
  private final Map<String, byte[]> files;
  private final List<Asked> asked = new CopyOnWriteArrayList<>();
  private final Queue<Behaviour> next = new ArrayDeque<>();
  private volatile Behaviour usual = FileServer::range;

  /**
   * A request that came in.
   *
   * @param path of it
   * @param range that it asks for; null for the whole
   */
  record Asked(String path, @Nullable String range) {}

  /** How a request for a file is answered. */
  @FunctionalInterface
  interface Behaviour {
    void answer(HttpExchange exchange, byte[] file) throws IOException;
  }

  private FileServer(HttpServer server, Map<String, byte[]> files) {
    this.server = server;
    this.files = files;
  }

  /** A server of files by path, which knows ranges. */
  static FileServer of(Map<String, byte[]> files) throws IOException {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    FileServer server = new FileServer(HttpServer.create(any, 0), files);
    server.server.createContext("/", server::handle);
    server.server.setExecutor(server.workers);
    server.server.start();
    return server;
  }

  /** The requests so far. */
  List<Asked> asked() {
    return List.copyOf(asked);
  }

  /** The ranges that were asked for so far, "whole" for none. */
  List<String> ranges() {
    return asked.stream().map(a -> Objects.requireNonNullElse(a.range(), "whole")).toList();
  }

  /** Answers the next requests so, one each, and those behind them as usual. */
  void answerNext(Behaviour... behaviours) {
    synchronized (next) {
      next.addAll(List.of(behaviours));
    }
  }

  /** Answers so from now on. */
  void answerAlways(Behaviour behaviour) {
    usual = behaviour;
  }

  /** Where it is, with a slash at the end. */
  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
  }

  @Override
  public void close() {
    server.stop(0);
    workers.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      asked.add(new Asked(path, exchange.getRequestHeaders().getFirst("Range")));
      byte[] file = files.get(path);
      Behaviour behaviour;
      synchronized (next) {
        behaviour = next.isEmpty() ? usual : next.remove();
      }
      if (file == null) {
        behaviour = status(404);
        file = new byte[0];
      }
      behaviour.answer(exchange, file);
    }
  }

  /** The whole file, whatever was asked for. */
  static void whole(HttpExchange exchange, byte[] file) throws IOException {
    exchange.sendResponseHeaders(200, file.length);
    exchange.getResponseBody().write(file);
  }

  /** The whole file, its size untold. */
  static void untold(HttpExchange exchange, byte[] file) throws IOException {
    exchange.sendResponseHeaders(200, 0);
    exchange.getResponseBody().write(file);
    exchange.getResponseBody().close();
  }

  /** What was asked for. */
  static void range(HttpExchange exchange, byte[] file) throws IOException {
    exchange.getResponseBody().write(head(exchange, file));
  }

  /** Announces what was asked for, but breaks the connection after {@code bytes} of it. */
  static Behaviour cutAfter(int bytes) {
    return (exchange, file) -> {
      exchange.getResponseBody().write(head(exchange, file), 0, bytes);
      exchange.getResponseBody().flush();
    };
  }

  /**
   * Announces what was asked for, and is silent after {@code bytes} of it until the latch opens.
   */
  static Behaviour silentAfter(int bytes, CountDownLatch latch) {
    return (exchange, file) -> {
      byte[] rest = head(exchange, file);
      exchange.getResponseBody().write(rest, 0, bytes);
      exchange.getResponseBody().flush();
      await(latch);
      exchange.getResponseBody().write(rest, bytes, rest.length - bytes);
    };
  }

  /** Does not answer before the latch opens. */
  static Behaviour silent(CountDownLatch latch) {
    return (exchange, file) -> {
      await(latch);
      range(exchange, file);
    };
  }

  /** Answers with a status alone. */
  static Behaviour status(int code) {
    return (exchange, file) -> exchange.sendResponseHeaders(code, -1);
  }

  /** Sends whoever asks elsewhere. */
  static Behaviour redirect(String address) {
    return (exchange, file) -> {
      exchange.getResponseHeaders().set("Location", address);
      exchange.sendResponseHeaders(302, -1);
    };
  }

  private static byte[] head(HttpExchange exchange, byte[] file) throws IOException {
    String range = exchange.getRequestHeaders().getFirst("Range");
    if (range == null) {
      exchange.sendResponseHeaders(200, file.length);
      return file;
    }
    int from = Integer.parseInt(range.substring("bytes=".length(), range.length() - 1));
    exchange
        .getResponseHeaders()
        .set("Content-Range", "bytes %d-%d/%d".formatted(from, file.length - 1, file.length));
    exchange.sendResponseHeaders(206, file.length - from);
    return Arrays.copyOfRange(file, from, file.length);
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
