package dev.gatehouse.service.testing;

import dev.gatehouse.proto.oip.GRPCInferenceServiceGrpc;
import dev.gatehouse.proto.v1.PredictionServiceGrpc;
import dev.gatehouse.service.app.Server;
import dev.gatehouse.service.app.ServerOptions;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;

/** A server on free ports, and a connection to it. */
public final class RunningServer implements AutoCloseable {
  private final Server server;
  private final ManagedChannel channel;

  private RunningServer(Server server) {
    this.server = server;
    this.channel =
        NettyChannelBuilder.forAddress("127.0.0.1", server.grpcPort()).usePlaintext().build();
  }

  /** Serves the committed bundles. */
  public static RunningServer ofGolden() {
    return of(Golden.MODELS);
  }

  /** Serves the bundles in {@code models}. */
  public static RunningServer of(Path models) {
    return of(ServerOptions.of(models));
  }

  /** Serves as {@code options} say, but on free ports. */
  public static RunningServer of(ServerOptions options) {
    return new RunningServer(Server.start(options.withPorts(0, 0)));
  }

  public Server server() {
    return server;
  }

  public ManagedChannel channel() {
    return channel;
  }

  public PredictionServiceGrpc.PredictionServiceBlockingStub predictions() {
    return PredictionServiceGrpc.newBlockingStub(channel);
  }

  public GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub inference() {
    return GRPCInferenceServiceGrpc.newBlockingStub(channel);
  }

  /** Answer to a request over HTTP. */
  public HttpResponse<String> http(String method, String path) {
    return send(request(path).method(method, HttpRequest.BodyPublishers.noBody()).build());
  }

  /** Answer to a body that is posted over HTTP. */
  public HttpResponse<String> post(String path, String contentType, byte[] body) {
    return send(
        request(path)
            .header("Content-Type", contentType)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(server.httpAddress() + path));
  }

  private static HttpResponse<String> send(HttpRequest request) {
    try {
      return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What {@code /metrics} says now. */
  public Scrape scrape() {
    return Scrape.of(http("GET", "/metrics").body());
  }

  @Override
  public void close() {
    channel.shutdownNow();
    server.close();
  }
}
