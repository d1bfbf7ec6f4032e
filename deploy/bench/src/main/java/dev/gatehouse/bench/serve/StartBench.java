package dev.gatehouse.bench.serve;

import dev.gatehouse.bench.model.Family;
import dev.gatehouse.bench.model.RandomModel;
import dev.gatehouse.bench.model.RowSet;
import dev.gatehouse.proto.bundle.Bundle;
import dev.gatehouse.proto.bundle.Manifest;
import dev.gatehouse.proto.cli.ChildJvm;
import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.oip.ModelInferRequest;
import dev.gatehouse.proto.oip.ModelInferResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts Gatehouse's server and a gRPC service that does nothing, by turns, and asks each once.
 *
 * @param launcher of Gatehouse
 * @param rounds starts of each
 */
public record StartBench(Path launcher, int rounds) {
  private static final long SEED = 1;

  /** Hears of the rounds. */
  @FunctionalInterface
  public interface Listener {
    /** A round has ended. */
    void ended(double ownMs, double noopMs);
  }

  /**
   * Measures with a model of that many experts, one of which answers a row.
   *
   * @param folder an empty folder
   */
  public StartResult measure(Family family, int experts, Path folder, Listener listener)
      throws IOException {
    RandomModel model = RandomModel.of(family, experts, SEED);
    Path models = Files.createDirectories(folder.resolve("models"));
    Path bundle = model.write(models, family.name(), new RoutingRule.TopK(1));
    Manifest manifest = Bundle.open(bundle).manifest();
    RowSet rows = RowSet.of(model.prototypes(), family.rowsBeyond(0), SEED);
    ModelInferRequest request = Requests.draw(manifest, rows, 1, 1, SEED).get(0);
    Start own = own(models);
    Start noop = noop(folder);
    // The files come into the system's cache, and this process learns to ask.
    own.firstAnswerMs(request, folder);
    noop.firstAnswerMs(request, folder);
    List<Double> ours = new ArrayList<>();
    List<Double> bare = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      ours.add(own.firstAnswerMs(request, folder));
      bare.add(noop.firstAnswerMs(request, folder));
      listener.ended(ours.get(round), bare.get(round));
    }
    return StartResult.of(ours, bare);
  }

  private Start own(Path models) throws IOException {
    int port = Start.freePort();
    ProcessBuilder command =
        new ProcessBuilder(
            launcher.toString(),
            "serve",
            "--models",
            models.toString(),
            "--grpc-port",
            Integer.toString(port),
            "--http-port",
            "0");
    return new Start("gatehouse", command, port);
  }

  /** The service that does nothing, on a port of its own. */
  static Start noop(Path folder) throws IOException {
    int port = Start.freePort();
    Path answer = folder.resolve("answer");
    Files.write(answer, ModelInferResponse.getDefaultInstance().toByteArray());
    return new Start(
        "no-op",
        ChildJvm.of(NoopServer.class, List.of(answer.toString(), "direct", Integer.toString(port))),
        port);
  }
}
