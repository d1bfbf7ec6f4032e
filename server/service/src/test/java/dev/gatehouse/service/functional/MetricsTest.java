package dev.gatehouse.service.functional;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.gatehouse.proto.bundle.Manifest;
import dev.gatehouse.proto.oip.GRPCInferenceServiceGrpc;
import dev.gatehouse.proto.oip.ModelInferResponse;
import dev.gatehouse.proto.oip.ServerLiveRequest;
import dev.gatehouse.proto.v1.PredictRequest;
import dev.gatehouse.proto.v1.PredictionServiceGrpc;
import dev.gatehouse.proto.v1.Tensor;
import dev.gatehouse.service.app.ServerOptions;
import dev.gatehouse.service.metrics.GatehouseMeter;
import dev.gatehouse.service.testing.Golden;
import dev.gatehouse.service.testing.Infer;
import dev.gatehouse.service.testing.RunningServer;
import dev.gatehouse.service.testing.Scrape;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code /metrics} says, against rows counted by the test that sent them. */
class MetricsTest {
  private static final String HITS = "gatehouse_expert_hits_total";
  private static final String COMPUTED = "gatehouse_expert_computed_rows_total";
  private static final String REFUSED = "gatehouse_refused_requests_total";
  private static final String ROWS = "gatehouse_rows_total";

  private RunningServer server;

  @BeforeEach
  void start() {
    server = RunningServer.ofGolden();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void shouldShowEveryExpertAtZeroBeforeTheFirstRequest() {
    Scrape scrape = server.scrape();

    for (String name : Golden.NAMES) {
      int experts = Golden.of(name).manifest().experts();
      for (String meter : List.of(HITS, COMPUTED)) {
        assertThat(scrape.matching(meter, "model", name, "version", "1")).hasSize(experts);
        assertThat(scrape.sum(meter, "model", name)).isZero();
      }
      assertThat(scrape.matching(ROWS, "model", name)).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {Golden.TOP1, Golden.TOP2, Golden.CERTIFIED})
  void shouldCountTheExpertsThatTheAnswersName(String name) {
    Golden golden = Golden.of(name);
    ModelInferResponse answer =
        server
            .inference()
            .modelInfer(
                Infer.rawUint8(golden).addOutputs(Infer.output(Manifest.EXPERT_INDICES)).build());
    long[] chosen = Infer.longs(answer, Manifest.EXPERT_INDICES);

    Scrape scrape = server.scrape();

    assertThat(scrape.sum(ROWS, "model", name)).isEqualTo(golden.rows());
    assertThat(scrape.sum(HITS, "model", name))
        .isEqualTo((double) Arrays.stream(chosen).filter(i -> i >= 0).count());
    for (int e = 0; e < golden.manifest().experts(); e++) {
      int expert = e;
      double expected = (double) Arrays.stream(chosen).filter(i -> i == expert).count();
      String label = Integer.toString(e);
      assertThat(scrape.sum(HITS, "model", name, "expert", label)).isEqualTo(expected);
      assertThat(scrape.sum(COMPUTED, "model", name, "expert", label)).isEqualTo(expected);
    }
    assertThat(scrape.sum(ROWS)).as("no other model").isEqualTo(golden.rows());
  }

  @ParameterizedTest
  @ValueSource(strings = {Golden.DENSE, Golden.DENSE_TOP2})
  void shouldCountEveryRowForEveryExpertOfADenseModel(String name) {
    Golden golden = Golden.of(name);
    ModelInferResponse answer =
        server
            .inference()
            .modelInfer(
                Infer.rawUint8(golden).addOutputs(Infer.output(Manifest.EXPERT_INDICES)).build());
    long[] chosen = Infer.longs(answer, Manifest.EXPERT_INDICES);

    Scrape scrape = server.scrape();

    assertThat(chosen).hasSize(golden.rows() * golden.manifest().rule().k());
    assertThat(scrape.matching(COMPUTED, "model", name))
        .allMatch(sample -> sample.value() == golden.rows());
    for (int e = 0; e < golden.manifest().experts(); e++) {
      int expert = e;
      double expected = (double) Arrays.stream(chosen).filter(i -> i == expert).count();
      assertThat(scrape.sum(HITS, "model", name, "expert", Integer.toString(e)))
          .isEqualTo(expected);
    }
  }

  @Test
  void shouldCountRefusedCallsButNotTheirRows() {
    PredictRequest bad =
        PredictRequest.newBuilder()
            .setModel(Golden.TOP1)
            .setTensor(Tensor.newBuilder().setRows(1).setUint8(ByteString.copyFrom(new byte[63])))
            .build();
    for (int i = 0; i < 3; i++) {
      Assertions.assertThatThrownBy(() -> server.predictions().predict(bad))
          .isInstanceOf(StatusRuntimeException.class);
    }

    Scrape scrape = server.scrape();

    assertThat(scrape.sum("gatehouse_refused_requests_total", "reason", "invalid_argument"))
        .isEqualTo(3);
    assertThat(scrape.sum("gatehouse_refused_requests_total")).isEqualTo(3);
    assertThat(
            scrape.sum(
                "gatehouse_request_duration_seconds_count",
                "method",
                "PredictionService/Predict",
                "status",
                "INVALID_ARGUMENT"))
        .isEqualTo(3);
    assertThat(scrape.sum(ROWS)).isZero();
  }

  /** One of a method that answers later, and one that does at once. */
  static Stream<MethodDescriptor<?, ?>> shouldTellAnExpiredDeadlineFromACallerWhoWent() {
    return Stream.of(
        PredictionServiceGrpc.getPredictMethod(), GRPCInferenceServiceGrpc.getServerLiveMethod());
  }

  @ParameterizedTest
  @MethodSource
  void shouldTellAnExpiredDeadlineFromACallerWhoWent(MethodDescriptor<?, ?> method)
      throws InterruptedException {
    begin(method, "200m");
    awaitRefused(1);
    ClientCall<?, ?> call = begin(method, "5M");
    // What comes behind it on the same connection was answered: the server knows of the call.
    server.inference().serverLive(ServerLiveRequest.getDefaultInstance());
    call.cancel("gone", null);
    awaitRefused(2);

    Scrape scrape = server.scrape();

    assertThat(scrape.sum(REFUSED, "reason", "deadline_exceeded")).isEqualTo(1);
    assertThat(scrape.sum(REFUSED, "reason", "cancelled")).isEqualTo(1);
  }

  @Test
  void shouldCountAMessageThatIsTooLongAsTheDocumentSays() throws Exception {
    server.close();
    server = RunningServer.of(ServerOptions.of(Golden.MODELS).withMaxMessageMib(1));
    PredictRequest large =
        PredictRequest.newBuilder()
            .setTensor(
                Tensor.newBuilder().setRows(1).setUint8(ByteString.copyFrom(new byte[2 << 20])))
            .build();

    Assertions.assertThatThrownBy(() -> server.predictions().predict(large))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageStartingWith("RESOURCE_EXHAUSTED");

    awaitRefused(1);
    assertThat(server.scrape().sum(REFUSED, "reason", "cancelled")).isEqualTo(1);
  }

  /**
   * A call whose request never comes.
   *
   * @param timeout the deadline on the wire; the client itself has none, and does not give up first
   */
  private <Q, A> ClientCall<Q, A> begin(MethodDescriptor<Q, A> method, String timeout) {
    // The client keeps the head of a unary call back until the request is complete.
    MethodDescriptor<Q, A> sentAtOnce =
        method.toBuilder().setType(MethodDescriptor.MethodType.BIDI_STREAMING).build();
    ClientStreamTracer.Factory withTimeout =
        new ClientStreamTracer.Factory() {
          @Override
          public ClientStreamTracer newClientStreamTracer(
              ClientStreamTracer.StreamInfo info, Metadata headers) {
            headers.put(Metadata.Key.of("grpc-timeout", Metadata.ASCII_STRING_MARSHALLER), timeout);
            return new ClientStreamTracer() {};
          }
        };
    ClientCall<Q, A> call =
        server
            .channel()
            .newCall(sentAtOnce, CallOptions.DEFAULT.withStreamTracerFactory(withTimeout));
    call.start(new ClientCall.Listener<A>() {}, new Metadata());
    call.request(1);
    return call;
  }

  private void awaitRefused(int calls) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (server.scrape().sum(REFUSED) < calls) {
      assertThat(System.nanoTime()).as("refused calls are counted").isLessThan(end);
      Thread.sleep(20);
    }
  }

  @Test
  void shouldTimeAnswersInAHistogram() {
    server.inference().modelInfer(Infer.rawUint8(Golden.of(Golden.TOP1)).build());

    Scrape scrape = server.scrape();

    String[] answered = {"method", "GRPCInferenceService/ModelInfer", "status", "OK"};
    assertThat(scrape.sum("gatehouse_request_duration_seconds_count", answered)).isEqualTo(1);
    assertThat(scrape.sum("gatehouse_request_duration_seconds_sum", answered)).isPositive();
    List<Scrape.Sample> buckets =
        scrape.matching("gatehouse_request_duration_seconds_bucket", answered);
    assertThat(buckets).extracting(Scrape.Sample::value).isSorted();
    assertThat(buckets.get(buckets.size() - 1).labels()).containsEntry("le", "+Inf");
  }

  @Test
  void shouldSayHowRowsAreBatchedAndWhichExpertsAreInMemory() {
    Scrape scrape = server.scrape();

    for (String name : Golden.NAMES) {
      int experts = Golden.of(name).manifest().experts();
      assertThat(scrape.sum("gatehouse_resident_experts", "model", name)).isEqualTo(experts);
      assertThat(scrape.matching("gatehouse_batching_models", "model", name))
          .singleElement()
          .satisfies(
              sample ->
                  assertThat(sample.labels().get("policy"))
                      .isIn("per_tick", "per_expert", "per_model"));
    }
    assertThat(scrape.sum("gatehouse_expert_load_duration_seconds_count", "model", Golden.TOP1))
        .as("loaded before the meters were made")
        .isEqualTo(Golden.of(Golden.TOP1).manifest().experts());
    assertThat(scrape.sum("gatehouse_waiting_rows")).isZero();
    assertThat(scrape.sum("gatehouse_evicted_experts_total")).isZero();
  }

  @Test
  void shouldShowTheProcessAndTheJvm() {
    assertThat(server.scrape().types())
        .containsKeys(
            "jvm_memory_used_bytes",
            "jvm_threads_live_threads",
            "process_files_open_files",
            "process_cpu_usage",
            "process_uptime_seconds");
  }

  @Test
  void shouldExposeWhatTheDocumentSays() throws IOException {
    server.inference().modelInfer(Infer.rawUint8(Golden.of(Golden.TOP1)).build());
    Scrape scrape = server.scrape();
    Map<String, List<String>> documented = documented();

    Set<String> exposed = new TreeSet<>(scrape.types().keySet());
    exposed.removeIf(family -> !family.startsWith("gatehouse_") || family.endsWith("_max"));
    assertThat(documented.keySet()).isEqualTo(exposed);
    documented.forEach(
        (family, row) -> {
          assertThat(row.get(0)).as(family).isEqualTo(scrape.types().get(family));
          assertThat(row.get(3)).as(family).isEqualTo(scrape.help().get(family));
          assertThat(labels(row.get(2))).as(family).isEqualTo(exposedLabels(scrape, family));
        });
    assertThat(documented.values().stream().map(row -> row.get(1)))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(GatehouseMeter.values()).map(GatehouseMeter::baseUnit).toList());
  }

  /** Rows of the document's table: type, unit, labels, description, by name. */
  private static Map<String, List<String>> documented() throws IOException {
    Map<String, List<String>> rows = new TreeMap<>();
    Path document = Path.of(System.getProperty("gatehouse.root"), "docs/metrics.md");
    for (String line : Files.readAllLines(document)) {
      String[] cells = line.split("\\s*\\|\\s*");
      if (line.startsWith("| `gatehouse_")) {
        rows.put(cells[1].replace("`", ""), List.of(cells).subList(2, 6));
      }
    }
    return rows;
  }

  private static Set<String> labels(String cell) {
    return new TreeSet<>(List.of(cell.replace("`", "").split(",\\s*")));
  }

  private static Set<String> exposedLabels(Scrape scrape, String family) {
    Set<String> labels = new TreeSet<>();
    for (Scrape.Sample sample : scrape.samples()) {
      if (sample.name().equals(family) || sample.name().equals(family + "_count")) {
        labels.addAll(sample.labels().keySet());
      }
    }
    return labels;
  }
}
