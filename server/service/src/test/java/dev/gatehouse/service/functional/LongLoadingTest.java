package dev.gatehouse.service.functional;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.engine.pipeline.MoeModel;
import dev.gatehouse.service.app.Server;
import dev.gatehouse.service.app.ServerOptions;
import dev.gatehouse.service.testing.Golden;
import dev.gatehouse.service.testing.ModelsOnDisk;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server whose models take long, seen from outside. */
class LongLoadingTest {
  /** Four times as long as HTTP waits for the models. */
  private static final double SECONDS_OF_LOADING = 2;

  private static final int MOST_VERSIONS = 1_000;

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir Path models;

  @Test
  void shouldAnswerProbesWhileItLoads() throws Exception {
    int versions = copies();
    int port = freePort();
    CompletableFuture<Server> starting =
        CompletableFuture.supplyAsync(
            () -> Server.start(ServerOptions.of(models).withPorts(0, port)));

    List<String> ready = new ArrayList<>();
    List<String> live = new ArrayList<>();
    while (!starting.isDone()) {
      note(port, "/health/ready", ready);
      note(port, "/health/live", live);
    }

    try (Server server = starting.join()) {
      note(port, "/health/ready", ready);
      assertThat(server.models()).hasSize(versions);
      assertThat(ready).containsExactly("503 loading", "200 ready");
      assertThat(live).containsExactly("200 live");
    }
  }

  /** Writes as many versions of a bundle as take long to load; how many. */
  private int copies() throws IOException {
    ModelsOnDisk onDisk = new ModelsOnDisk(models);
    double seconds = secondsToOpen(onDisk.copy(Golden.TOP1, 1));
    int versions = (int) Math.min(MOST_VERSIONS, SECONDS_OF_LOADING / seconds);
    for (int version = 2; version <= versions; version++) {
      onDisk.copy(Golden.TOP1, version);
    }
    return versions;
  }

  private static double secondsToOpen(Path bundle) {
    MoeModel.open(bundle).close();
    long from = System.nanoTime();
    MoeModel.open(bundle).close();
    return (System.nanoTime() - from) / 1e9;
  }

  /** Adds what stands there, unless it is what was there last or nobody listens yet. */
  private static void note(int port, String path, List<String> seen) throws InterruptedException {
    String answer;
    try {
      HttpResponse<String> response =
          HTTP.send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
              HttpResponse.BodyHandlers.ofString());
      answer = response.statusCode() + " " + response.body().strip();
    } catch (IOException e) {
      return;
    }
    if (seen.isEmpty() || !seen.get(seen.size() - 1).equals(answer)) {
      seen.add(answer);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
