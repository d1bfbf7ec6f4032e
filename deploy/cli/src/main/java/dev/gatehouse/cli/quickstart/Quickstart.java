package dev.gatehouse.cli.quickstart;

import dev.gatehouse.client.GatehouseClient;
import dev.gatehouse.client.Query;
import dev.gatehouse.exporter.ExportReport;
import dev.gatehouse.exporter.Exporter;
import dev.gatehouse.proto.bundle.Manifest;
import dev.gatehouse.proto.run.Run;
import dev.gatehouse.proto.run.RunFolder;
import dev.gatehouse.service.app.Server;
import dev.gatehouse.service.app.ServerOptions;
import dev.gatehouse.trainer.config.DataRef;
import dev.gatehouse.trainer.data.DataSet;
import dev.gatehouse.trainer.data.DataSets;
import dev.gatehouse.trainer.evaluation.Information;
import dev.gatehouse.trainer.loop.Distiller;
import dev.gatehouse.trainer.loop.Trainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Runs every stage on real input and counts what the server itself says. */
public final class Quickstart {
  private final QuickstartOptions options;
  private final StageListener listener;
  private final Timed timed;

  /** A quickstart that reports to {@code listener}. */
  public Quickstart(QuickstartOptions options, StageListener listener) {
    this.options = options;
    this.listener = listener;
    this.timed = new Timed(listener);
  }

  /**
   * A finished quickstart, its server still up.
   *
   * @param report what was found
   * @param server the server; whoever takes this closes it
   */
  public record Finished(QuickstartReport report, Server server) {}

  private record Trained(Run.Results single, Run.Results attentive, RunFolder distilled) {}

  /**
   * Runs it.
   *
   * @throws dev.gatehouse.proto.BadInput when the data are missing or damaged
   * @throws dev.gatehouse.proto.cli.Unavailable when a port is taken, or the data are missing and
   *     cannot be downloaded, before anything is trained
   * @throws IOException when the work folder cannot be written
   */
  public Finished run() throws IOException {
    Ports.requireFree(options.grpcPort(), options.httpPort());
    DataSet data =
        timed.stage(
            Stage.DATA,
            () ->
                DataSets.load(
                    new DataRef.Named(options.dataset(), options.dataDir()), listener.downloads()));
    int number = freeNumber();
    Trained trained = train(number, data);
    ExportReport export =
        timed.stage(
            Stage.EXPORT,
            () -> Exporter.export(trained.distilled, options.models(), options.dataset(), number));
    Server server = timed.stage(Stage.SERVE, this::serve);
    try {
      TestTraffic traffic = timed.stage(Stage.PREDICT, () -> send(server, data, export));
      return new Finished(report(data, number, trained, export, server, traffic), server);
    } catch (IOException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  /** The first number that neither a model nor a run has, be it one that was stopped. */
  private int freeNumber() throws IOException {
    int number = Exporter.nextVersion(options.models(), options.dataset());
    while (new Trainings(options, number).exist()) {
      number++;
    }
    return number;
  }

  private Trained train(int number, DataSet data) throws IOException {
    Trainings trainings = new Trainings(options, number);
    Clock clock = Clock.systemUTC();
    RunFolder single =
        timed.stage(
            Stage.SINGLE,
            () ->
                new Trainer(clock, listener.training(Stage.SINGLE))
                    .train(trainings.single(), data, trainings.run(Trainings.SINGLE)));
    RunFolder attentive =
        timed.stage(
            Stage.TRAIN,
            () ->
                new Trainer(clock, listener.training(Stage.TRAIN))
                    .train(trainings.mixture(), data, trainings.run(Trainings.ATTENTIVE)));
    RunFolder distilled =
        timed.stage(
            Stage.DISTIL,
            () ->
                new Distiller(clock, listener.training(Stage.DISTIL))
                    .distill(trainings.distilled(), data, trainings.run(Trainings.DISTILLED)));
    return new Trained(results(single), results(attentive), distilled);
  }

  private static Run.Results results(RunFolder run) {
    return Objects.requireNonNull(run.completeRun().results(), "a complete run has results");
  }

  private Server serve() {
    return Server.start(
        ServerOptions.of(options.models()).withPorts(options.grpcPort(), options.httpPort()));
  }

  private TestTraffic send(Server server, DataSet data, ExportReport export) {
    Manifest manifest = export.bundle().manifest();
    Query query = Query.of(manifest.name()).withVersion(manifest.version());
    try (GatehouseClient client = GatehouseClient.connect(server.grpcAddress())) {
      return TestTraffic.send(
          client, query, data.test(), manifest.experts(), manifest.classes().size(), listener);
    }
  }

  private QuickstartReport report(
      DataSet data,
      int number,
      Trained trained,
      ExportReport export,
      Server server,
      TestTraffic traffic)
      throws IOException {
    Manifest manifest = export.bundle().manifest();
    int experts = manifest.experts();
    Scrape scrape = Scrape.of(server.httpAddress());
    long[] hits = scrape.perExpert("gatehouse_expert_hits_total", manifest.name(), number, experts);
    long[] computed =
        scrape.perExpert("gatehouse_expert_computed_rows_total", manifest.name(), number, experts);
    List<List<Long>> expertByClass =
        Arrays.stream(traffic.expertByClass()).map(Quickstart::list).toList();
    return new QuickstartReport(
        data.name(),
        experts,
        manifest.rule().k(),
        traffic.rows(),
        traffic.accuracy(),
        1 - trained.single.test().denseError(),
        1 - trained.attentive.test().denseError(),
        data.families().isEmpty()
            ? null
            : Information.mutual(Information.byFamily(expertByClass, data.families())),
        list(hits),
        list(computed),
        (double) Arrays.stream(computed).sum() / traffic.rows(),
        expertByClass,
        data.classes(),
        export.parity().maxAbsDiff(),
        timed.seconds(),
        bytes(number, export),
        server.grpcAddress(),
        server.httpAddress(),
        export.bundle().path().toString());
  }

  private Map<String, Long> bytes(int number, ExportReport export) throws IOException {
    Map<String, Long> bytes = new LinkedHashMap<>();
    bytes.put(Stage.SINGLE.key(), size(options.run(number, "single")));
    bytes.put(Stage.TRAIN.key(), size(options.run(number, "attentive")));
    bytes.put(Stage.DISTIL.key(), size(options.run(number, "distilled")));
    bytes.put(Stage.EXPORT.key(), size(export.bundle().path()));
    return bytes;
  }

  private static long size(Path folder) throws IOException {
    long sum = 0;
    try (var files = Files.walk(folder)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        sum += Files.size(file);
      }
    }
    return sum;
  }

  private static List<Long> list(long[] values) {
    return Arrays.stream(values).boxed().toList();
  }
}
