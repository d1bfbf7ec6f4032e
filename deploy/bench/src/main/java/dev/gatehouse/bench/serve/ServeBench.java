package dev.gatehouse.bench.serve;

import dev.gatehouse.bench.model.Family;
import dev.gatehouse.bench.model.RandomModel;
import dev.gatehouse.bench.model.RowSet;
import dev.gatehouse.proto.bundle.Bundle;
import dev.gatehouse.proto.bundle.Manifest;
import dev.gatehouse.proto.cli.ChildJvm;
import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.oip.ModelInferRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Starts every side with the same model, sees that all give the same answers, and measures them by
 * turns.
 *
 * @param pace how long is measured
 * @param rows of a request
 * @param inFlight requests under way, in growing numbers
 * @param peers other servers
 * @param others who takes part beside the no-op and Gatehouse
 * @param integers whether Gatehouse also takes part with a model that has large layers in 8-bit
 *     integers, whose answers are others
 * @param cacheBytes the rows are drawn from so many that they exceed it
 */
public record ServeBench(
    ServePace pace,
    int rows,
    List<Integer> inFlight,
    Peers peers,
    List<Side> others,
    boolean integers,
    long cacheBytes) {
  private static final long SEED = 1;
  private static final int REQUESTS = 2048;

  /** All requests together: 256 MiB at most, for the load generator holds them. */
  private static final long REQUESTS_BYTES = 1L << 28;

  private static final int COMPARED = 8;

  /** Copies the lists. */
  public ServeBench {
    inFlight = List.copyOf(inFlight);
    others = List.copyOf(others);
  }

  /**
   * Measures a model.
   *
   * @param k experts that answer a row
   * @param folder an empty folder
   */
  public void measure(Family family, int experts, int k, Path folder, ServeListener listener)
      throws IOException {
    RandomModel model = RandomModel.of(family, experts, SEED);
    Path sparseModels = Files.createDirectories(folder.resolve("sparse"));
    Path denseModels = Files.createDirectories(folder.resolve("dense"));
    Path sparse = model.write(sparseModels, family.name(), new RoutingRule.TopK(k));
    Path integerModels = folder.resolve("w8a8");
    boolean inIntegers = integers && model.hasIntegers();
    if (inIntegers) {
      Files.createDirectories(integerModels);
      model.writeInIntegers(integerModels, family.name(), new RoutingRule.TopK(k));
    }
    Path dense = model.write(denseModels, family.name(), new RoutingRule.Dense());
    Manifest manifest = Bundle.open(sparse).manifest();
    RowSet set = RowSet.of(model.prototypes(), family.rowsBeyond(cacheBytes), SEED);
    List<ModelInferRequest> requests = Requests.draw(manifest, set, rows, requests(manifest), SEED);
    List<ModelInferRequest> few = requests.subList(0, COMPARED);
    Path file = folder.resolve("requests");
    Requests.write(file, requests);

    int most = inFlight.get(inFlight.size() - 1);
    try (Field field = new Field(LoadProcess.start(file, folder), folder, pace, most)) {
      Answers bySparse = Answers.of(field.start(Side.SPARSE, own(Side.SPARSE, sparseModels)), few);
      Answers byDense = Answers.of(field.start(Side.DENSE, own(Side.DENSE, denseModels)), few);
      Path answer = folder.resolve("answer");
      Files.write(answer, bySparse.responses().get(0).toByteArray());
      field.start(Side.NOOP, noop(Side.NOOP, answer, "direct"));
      field.start(Side.NOOP_EXECUTOR, noop(Side.NOOP_EXECUTOR, answer, "executor"));
      if (inIntegers) {
        field.start(Side.W8A8, own(Side.W8A8, integerModels));
      }
      for (Side side : others) {
        Path bundle = side.isDense() ? dense : sparse;
        String graph = Bundle.open(bundle).manifest().graphs().portable();
        Contender peer = field.start(side, peers.plans(side, bundle.resolve(graph)));
        listener.started(side, peer.settings());
        (side.isDense() ? byDense : bySparse).requireSame(Answers.of(peer, few), side.toString());
      }
      new Rounds(new ServedModel(family.name(), experts, k, rows), field, pace.rounds(), listener)
          .run(inFlight);
    }
  }

  private int requests(Manifest manifest) {
    long bytes = (long) rows * manifest.input().shape().elements() * Float.BYTES;
    return (int) Math.max(COMPARED, Math.min(REQUESTS, REQUESTS_BYTES / bytes));
  }

  private List<Contender.Plan> own(Side side, Path models) {
    ProcessBuilder command =
        ChildJvm.of(OwnServer.class, List.of(models.toString(), Integer.toString(rows)));
    return List.of(new Contender.Plan(side.toString(), "defaults", command, true));
  }

  private static List<Contender.Plan> noop(Side side, Path answer, String how) {
    ProcessBuilder command = ChildJvm.of(NoopServer.class, List.of(answer.toString(), how, "0"));
    return List.of(new Contender.Plan(side.toString(), how, command, true));
  }
}
