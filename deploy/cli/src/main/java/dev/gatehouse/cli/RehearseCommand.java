package dev.gatehouse.cli;

import dev.gatehouse.client.GatehouseClient;
import dev.gatehouse.client.Query;
import dev.gatehouse.proto.cli.ExitCode;
import dev.gatehouse.service.app.Server;
import dev.gatehouse.service.app.ServerOptions;
import dev.gatehouse.service.repository.ServedModel;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * {@code rehearse}: serves, asks itself, and ends. The JVM writes an archive of the classes that
 * this took, so that later starts need not read them from jars; the launcher calls it after a
 * build.
 */
@Command(
    name = "rehearse",
    hidden = true,
    description = "Starts a server, sends it a request for each model, and ends.")
final class RehearseCommand implements Callable<Integer> {
  @Parameters(paramLabel = "MODELS", description = "The folder that holds NAME/VERSION/.")
  private Path models = Path.of("");

  @Override
  public Integer call() throws IOException, InterruptedException {
    try (Server server = Server.start(ServerOptions.of(models).withPorts(0, 0));
        GatehouseClient client = GatehouseClient.connect(server.grpcAddress())) {
      for (ServedModel served : server.models()) {
        int elements = served.model().manifest().input().shape().elements();
        client.predictFp32(Query.of(served.name()), 1, new float[elements]);
      }
      HttpResponse<Void> metrics =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(URI.create(server.httpAddress() + "/metrics")).build(),
                  HttpResponse.BodyHandlers.discarding());
      return metrics.statusCode() == HttpURLConnection.HTTP_OK ? ExitCode.OK : ExitCode.FAILURE;
    }
  }
}
