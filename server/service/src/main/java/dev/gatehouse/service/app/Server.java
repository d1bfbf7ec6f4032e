package dev.gatehouse.service.app;

import dev.gatehouse.engine.pipeline.MoeModel;
import dev.gatehouse.engine.schedule.Workers;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.cli.Unavailable;
import dev.gatehouse.service.metrics.ServerMetrics;
import dev.gatehouse.service.repository.Repository;
import dev.gatehouse.service.repository.ServedModel;
import dev.gatehouse.service.rpc.GrpcPort;
import dev.gatehouse.service.rpc.GrpcSettings;
import dev.gatehouse.service.web.HttpPort;
import dev.gatehouse.service.web.Page;
import dev.gatehouse.service.web.Routes;
import dev.gatehouse.service.web.console.Console;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running server: models loaded, gRPC and HTTP listening. The composition root: nothing else
 * knows all of its parts.
 */
public final class Server implements AutoCloseable {
  /** Until then what models take comes first. */
  private static final Duration HTTP_WAITS = Duration.ofMillis(500);

  private final ServerOptions options;
  private final ServerMetrics metrics;
  private final Workers workers;
  private final Repository repository;
  private final GrpcPort grpc;
  private final HttpPort http;
  private final Readiness readiness;
  private final CountDownLatch closed = new CountDownLatch(1);

  private Server(
      ServerOptions options,
      ServerMetrics metrics,
      Workers workers,
      Repository repository,
      GrpcPort grpc,
      HttpPort http,
      Readiness readiness) {
    this.options = options;
    this.metrics = metrics;
    this.workers = workers;
    this.repository = repository;
    this.grpc = grpc;
    this.http = http;
    this.readiness = readiness;
  }

  /**
   * Loads the models and starts to listen; when this returns, requests are answered. The HTTP port
   * takes connections from the start, and answers when gRPC does, or after half a second: whoever
   * waits for a server that loads long sees that it does.
   *
   * @throws BadInput when no model can be served, or the host is unknown
   * @throws Unavailable when a port is taken
   */
  public static Server start(ServerOptions options) {
    InetAddress host = Listening.host(options.host());
    Readiness readiness = new Readiness();
    try (Scope scope = new Scope()) {
      Loading<ServerMetrics> meters =
          scope.add(new Loading<>("gatehouse-metrics", ServerMetrics::new, ServerMetrics::close));
      Workers workers = scope.add(new Workers(options.compute().threads()));
      Loading<Repository> loading = scope.add(load(options, workers, meters));
      HttpPort http =
          scope.add(
              Listening.on(
                  new InetSocketAddress(host, options.httpPort()), "--http-port", HttpPort::bind));
      boolean loadsLong = !loading.endsWithin(HTTP_WAITS);
      ServerMetrics metrics = meters.await();
      if (loadsLong) {
        startHttp(http, metrics, readiness);
      }
      Repository repository = loading.await();
      repository.refused().forEach(reason -> log().warn("not served: {}", reason.getMessage()));
      GrpcPort grpc = scope.add(startGrpc(host, options, repository, metrics, readiness));
      readiness.is(Readiness.State.READY);
      if (!loadsLong) {
        startHttp(http, metrics, readiness);
      }
      Console console =
          new Console(repository, served -> metrics.load(served.name(), served.version()));
      http.add(console.routes());
      Server server = new Server(options, metrics, workers, repository, grpc, http, readiness);
      scope.release();
      return server;
    }
  }

  private static Loading<Repository> load(
      ServerOptions options, Workers workers, Loading<ServerMetrics> meters) {
    return new Loading<>(
        "gatehouse-models",
        () ->
            Repository.load(
                options.models(),
                options.trusted(),
                options.compute().engine(workers),
                model -> meters.await().forModel(model)),
        Repository::close);
  }

  private static GrpcPort startGrpc(
      InetAddress host,
      ServerOptions options,
      Repository repository,
      ServerMetrics metrics,
      Readiness readiness) {
    return Listening.on(
        new InetSocketAddress(host, options.grpcPort()),
        "--grpc-port",
        address ->
            GrpcPort.start(
                new GrpcSettings(
                    address,
                    options.compute().threads(),
                    // Images wait as they came, each as one.
                    options.compute().limits().forRowsOf(1).maxQueuedRows(),
                    options.maxMessageBytes(),
                    Version.current()),
                repository,
                metrics.requests()::finished,
                readiness::isReady));
  }

  /** Answers probes and scrapers; the console comes when there are models to show. */
  private static void startHttp(HttpPort http, ServerMetrics metrics, Readiness readiness) {
    metrics.watchProcess();
    http.start(forMachines(metrics, readiness));
  }

  /**
   * Begins, on a thread of its own, what every start takes whatever its options are; {@link #start}
   * does it otherwise. For a program that still has to find out its options.
   */
  public static void prepare() {
    Thread thread = new Thread(MoeModel::prepare, "gatehouse-prepare");
    thread.setDaemon(true);
    // The start fails for the same reason, and says so.
    thread.setUncaughtExceptionHandler((preparing, failure) -> {});
    thread.start();
  }

  /** Asked for when there is something to say: the models load before logging is set up. */
  private static Logger log() {
    return LoggerFactory.getLogger(Server.class);
  }

  /** What probes and scrapers read. */
  private static Routes forMachines(ServerMetrics metrics, Readiness readiness) {
    return new Routes(
        Map.of(
            "/metrics",
            question -> Page.metrics(metrics.scrape()),
            "/health/live",
            question -> Page.plain(200, "live"),
            "/health/ready",
            question -> Page.plain(readiness.isReady() ? 200 : 503, readiness.toString())),
        Map.of());
  }

  /** {@code HOST:PORT} of gRPC. */
  public String grpcAddress() {
    return options.host() + ":" + grpcPort();
  }

  /** {@code http://HOST:PORT} of HTTP. */
  public String httpAddress() {
    return "http://" + options.host() + ":" + httpPort();
  }

  /** The port of gRPC that is listened on. */
  public int grpcPort() {
    return grpc.port();
  }

  /** The port of HTTP that is listened on. */
  public int httpPort() {
    return http.port();
  }

  /** The models that are served. */
  public List<ServedModel> models() {
    return repository.served();
  }

  /** Why versions in the models' folder are not served; empty when all are. */
  public List<BadInput> refused() {
    return repository.refused();
  }

  /** Waits until {@link #close} has ended. */
  public void awaitClosed() throws InterruptedException {
    closed.await();
  }

  /**
   * Drains and stops: not ready at once, requests that have arrived finish within the grace period,
   * then the ports and the models close. A second call waits for the first and does nothing.
   */
  @Override
  public synchronized void close() {
    if (closed.getCount() == 0) {
      return;
    }
    readiness.is(Readiness.State.DRAINING);
    try {
      if (!grpc.drain(options.grace())) {
        log().warn("requests were cut off after a grace period of {}", options.grace());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    repository.close();
    workers.close();
    grpc.close();
    http.close();
    metrics.close();
    closed.countDown();
  }
}
