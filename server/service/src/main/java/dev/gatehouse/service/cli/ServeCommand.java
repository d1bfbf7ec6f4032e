package dev.gatehouse.service.cli;

import dev.gatehouse.proto.bundle.TrustedKeys;
import dev.gatehouse.proto.cli.ExitCode;
import dev.gatehouse.proto.cli.Output;
import dev.gatehouse.service.app.Server;
import dev.gatehouse.service.app.ServerOptions;
import dev.gatehouse.service.repository.ServedModel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Serves every model of a folder until it is told to stop. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    description = {
      "Serves the models of a folder over gRPC, with metrics and health over HTTP.",
      "SIGTERM or Ctrl-C: requests that have arrived are finished, then the exit code is 0."
    },
    footer = {
      "",
      "Examples:",
      "  gatehouse serve --models bundles",
      "  gatehouse serve --models bundles --trusted-key release.pem.pub",
      "  gatehouse serve --models bundles --host 0.0.0.0 --grpc-port 9000 --http-port 9001",
      "  curl http://127.0.0.1:8080/metrics"
    })
public final class ServeCommand implements Callable<Integer> {
  @Mixin private Output output = new Output();
  @Mixin private PortOptions ports = new PortOptions();
  @Mixin private ComputeFlags compute = new ComputeFlags();

  @Option(
      names = "--models",
      required = true,
      paramLabel = "DIR",
      description = "The folder that holds NAME/VERSION/, as export writes it.")
  private Path models = Path.of("");

  @Option(
      names = "--host",
      defaultValue = ServerOptions.DEFAULT_HOST,
      description = "Address to listen on; ${DEFAULT-VALUE} if not given.")
  private String host = ServerOptions.DEFAULT_HOST;

  @Option(
      names = "--grace",
      paramLabel = "SECONDS",
      defaultValue = "" + ServerOptions.DEFAULT_GRACE_SECONDS,
      description = "How long requests may take when the server stops; ${DEFAULT-VALUE}.")
  private int graceSeconds;

  @Option(
      names = "--max-message-mib",
      paramLabel = "MIB",
      defaultValue = "" + ServerOptions.DEFAULT_MAX_MESSAGE_MIB,
      description = "The largest request that is read; ${DEFAULT-VALUE}.")
  private int maxMessageMib;

  @Option(
      names = "--trusted-key",
      paramLabel = "FILE",
      split = ",",
      description =
          "Serve only what the owner of this public key signed (PEM); repeat it, or part several"
              + " by commas. Without it every bundle is served.")
  private List<Path> trustedKeys = new ArrayList<>();

  @Override
  public Integer call() throws InterruptedException {
    Server server =
        Server.start(
            ServerOptions.of(models)
                .withHost(host)
                .withPorts(ports.grpc(), ports.http())
                .withGrace(Duration.ofSeconds(graceSeconds))
                .withMaxMessageMib(maxMessageMib)
                .withCompute(compute.options())
                .withTrusted(TrustedKeys.read(trustedKeys)));
    server.refused().forEach(reason -> output.text("not served: " + reason.getMessage()));
    server.models().forEach(served -> output.text("model " + Model.of(served).line()));
    output.text("gRPC  " + server.grpcAddress());
    output.text("HTTP  " + server.httpAddress());
    output.text("Ctrl-C stops the server.");
    output.result(
        new Started(
            server.grpcAddress(),
            server.httpAddress(),
            server.models().stream().map(Model::of).toList(),
            server.refused().stream().map(Throwable::getMessage).toList()));
    StopOnSignal.await(server);
    return ExitCode.OK;
  }

  private record Started(String grpc, String http, List<Model> models, List<String> refused) {}

  private record Model(
      String name, int version, int experts, String routing, String rule, String batching) {
    static Model of(ServedModel served) {
      var manifest = served.model().manifest();
      return new Model(
          served.name(),
          served.version(),
          manifest.experts(),
          manifest.routing().name().toLowerCase(Locale.ROOT),
          manifest.rule().toString(),
          served.model().policy().toString());
    }

    String line() {
      return String.format("%s/%d: %d experts, %s, %s", name, version, experts, routing, rule);
    }
  }
}
