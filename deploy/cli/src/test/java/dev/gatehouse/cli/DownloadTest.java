package dev.gatehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.gatehouse.proto.cli.ExitCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands that download their data, with a mirror on this machine and with none. */
class DownloadTest {
  private static final List<String> FILES =
      List.of(
          "train-images-idx3-ubyte.gz",
          "train-labels-idx1-ubyte.gz",
          "t10k-images-idx3-ubyte.gz",
          "t10k-labels-idx1-ubyte.gz");

  @TempDir private Path folder;

  /**
   * How a command ended.
   *
   * @param code its exit code
   * @param output lines of its standard output
   * @param errors lines of its standard error
   */
  private record Ended(int code, List<String> output, List<String> errors) {}

  private Ended run(String mirror, String... arguments) throws Exception {
    Path errors = folder.resolve("errors.txt");
    Map<String, String> environment =
        Map.of(
            "GATEHOUSE_CACHE", folder.resolve("cache").toString(), "GATEHOUSE_DATA_MIRROR", mirror);
    try (GatehouseProcess command =
        GatehouseProcess.start(
            folder, environment, ProcessBuilder.Redirect.to(errors.toFile()), arguments)) {
      List<String> output = command.output().lines().toList();
      assertThat(command.process().waitFor(60, TimeUnit.SECONDS)).isTrue();
      return new Ended(command.process().exitValue(), output, Files.readAllLines(errors));
    }
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  @Test
  void shouldTrainOnADownloadAndFindItInTheCacheAfterwards() throws Exception {
    Path data = Path.of(System.getProperty("gatehouse.data"));
    if (!Files.isDirectory(data.resolve("mnist"))) {
      String message = data.resolve("mnist") + " is not there: a download of MNIST is not tested";
      if ("true".equals(System.getenv("CI"))) {
        fail(message);
      }
      Assumptions.abort(message);
    }
    String mirror;
    HttpServer server = serve(data);
    try {
      mirror = "http://127.0.0.1:" + server.getAddress().getPort();
      Ended train =
          run(
              mirror,
              "train",
              "--dataset",
              "mnist",
              "--architecture",
              "paper-mnist",
              "--experts",
              "2",
              "--epochs",
              "1",
              "--out",
              path("run"));
      assertThat(train.code()).as(train.toString()).isEqualTo(ExitCode.OK);
      assertThat(train.errors().stream().filter(line -> line.startsWith("downloading ")))
          .hasSize(4)
          .first()
          .isEqualTo(
              "downloading train-images-idx3-ubyte.gz (9.9 MB) from "
                  + mirror
                  + "/mnist/train-images-idx3-ubyte.gz");
    } finally {
      server.stop(0);
    }
    for (String file : FILES) {
      assertThat(folder.resolve("cache/data/mnist").resolve(file))
          .hasSameBinaryContentAs(data.resolve("mnist").resolve(file));
    }

    Ended distill = run(mirror, "distill", path("run"), "--epochs", "1", "--out", path("plain"));
    assertThat(distill.code()).as(distill.toString()).isEqualTo(ExitCode.OK);
    Ended evaluate = run(mirror, "evaluate", path("plain"));
    assertThat(evaluate.code()).as(evaluate.toString()).isEqualTo(ExitCode.OK);
    assertThat(distill.errors()).noneMatch(line -> line.contains("downloading"));
    assertThat(evaluate.errors()).noneMatch(line -> line.contains("downloading"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "train --dataset mnist --dry-run",
        "train --dataset mnist --out OUT",
        "quickstart --dataset mnist --grpc-port 0 --http-port 0 --work OUT",
        "experiment PLAN --out OUT",
      })
  void shouldSayInOneLineWhatToPutWhereWithoutANetwork(String line) throws Exception {
    String plan =
        Path.of(System.getProperty("gatehouse.root"), "docs/results/mnist-5.yaml").toString();
    String mirror = "http://127.0.0.1:" + closedPort();

    Ended ended = run(mirror, line.replace("OUT", path("out")).replace("PLAN", plan).split(" "));

    assertThat(ended.code()).as(ended.toString()).isEqualTo(ExitCode.UNAVAILABLE);
    assertThat(ended.errors())
        .last()
        .isEqualTo(
            ("gatehouse: train-images-idx3-ubyte.gz cannot be downloaded"
                    + " (%s/mnist/train-images-idx3-ubyte.gz: takes no connections); put %s into %s,"
                    + " or name the folder that has them with --data-dir")
                .formatted(mirror, String.join(", ", FILES), folder.resolve("cache/data/mnist")));
    assertThat(ended.errors()).hasSize(2).first().asString().startsWith("downloading ");
    assertThat(folder.resolve("out/runs")).doesNotExist();
  }

  private static HttpServer serve(Path files) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", exchange -> send(exchange, files));
    server.start();
    return server;
  }

  private static void send(HttpExchange exchange, Path files) throws IOException {
    try (exchange) {
      Path file = files.resolve(exchange.getRequestURI().getPath().substring(1));
      exchange.sendResponseHeaders(200, Files.size(file));
      Files.copy(file, exchange.getResponseBody());
    }
  }

  private static int closedPort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }
}
