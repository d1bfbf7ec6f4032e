package dev.gatehouse.cli;

import com.google.protobuf.ByteString;
import dev.gatehouse.client.GatehouseClient;
import dev.gatehouse.client.Query;
import dev.gatehouse.proto.cli.ExitCode;
import dev.gatehouse.proto.oip.GRPCInferenceServiceGrpc;
import dev.gatehouse.proto.oip.ModelInferRequest;
import dev.gatehouse.service.app.Server;
import dev.gatehouse.service.app.ServerOptions;
import dev.gatehouse.service.repository.ServedModel;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
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
    Server.prepare();
    Main.serving().parseArgs("serve", "--models", models.toString());
    try (Server server = Server.start(ServerOptions.of(models).withPorts(0, 0));
        GatehouseClient client = GatehouseClient.connect(server.grpcAddress())) {
      for (ServedModel served : server.models()) {
        int elements = served.model().manifest().input().shape().elements();
        client.predictFp32(Query.of(served.name()), 1, new float[elements]);
        askByProtocol(server.grpcAddress(), served, elements);
      }
      HttpResponse<Void> metrics =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(URI.create(server.httpAddress() + "/metrics")).build(),
                  HttpResponse.BodyHandlers.discarding());
      return metrics.statusCode() == HttpURLConnection.HTTP_OK ? ExitCode.OK : ExitCode.FAILURE;
    }
  }

  /** As clients of the Open Inference Protocol do that send raw bytes. */
  private static void askByProtocol(String address, ServedModel served, int elements) {
    ManagedChannel channel = ManagedChannelBuilder.forTarget(address).usePlaintext().build();
    try {
      GRPCInferenceServiceGrpc.newBlockingStub(channel)
          .modelInfer(
              ModelInferRequest.newBuilder()
                  .setModelName(served.name())
                  .addInputs(
                      ModelInferRequest.InferInputTensor.newBuilder()
                          .setName(served.model().manifest().input().name())
                          .setDatatype("FP32")
                          .addShape(1)
                          .addShape(elements))
                  .addRawInputContents(ByteString.copyFrom(new byte[elements * Float.BYTES]))
                  .build());
    } finally {
      channel.shutdownNow();
    }
  }
}
