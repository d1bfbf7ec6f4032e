package dev.gatehouse.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.bench.serve.Side;
import dev.gatehouse.proto.file.Json;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

/** Runs the commands on models of two and three experts; how fast they are is not looked at. */
class BenchCommandsTest {
  @TempDir private Path folder;

  private static String run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        new CommandLine(new BenchCommand())
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .setCaseInsensitiveEnumValuesAllowed(true)
            .execute(arguments);
    assertThat(code).as("%s", err).isZero();
    return out.toString();
  }

  private static JsonNode json(String... arguments) {
    return Json.node(Json.parse(run(arguments), Map.class, "the report"));
  }

  private static void requirePositive(JsonNode object, String... keys) {
    for (String key : keys) {
      JsonNode value = Objects.requireNonNull(object.get(key), key);
      assertThat(value.isNumber()).as(key).isTrue();
      assertThat(value.doubleValue()).as(key).isPositive().isFinite();
    }
  }

  @Test
  void shouldReportEachCaseOfTheEngineAsJson() throws Exception {
    JsonNode report =
        json(
            "engine",
            "--json",
            "--quick",
            "--family",
            "mnist,mlp",
            "--experts",
            "3",
            "--batch",
            "1,5",
            "--plots",
            folder.toString());

    requirePositive(report.get("machine"), "processors", "cache_bytes", "copied_bytes_per_second");
    assertThat(report.get("cases")).hasSize(2 * 2 * 2);
    for (JsonNode one : report.get("cases")) {
      requirePositive(
          one,
          "experts",
          "top_k",
          "batch",
          "engine_us",
          "floor_us",
          "portable_us",
          "dense_us",
          "ratio_to_floor",
          "ratio_to_portable",
          "ratio_to_dense",
          "bytes_per_call",
          "answer_bytes",
          "experts_per_call");
      assertThat(one.get("bytes_per_call").doubleValue())
          .isGreaterThanOrEqualTo(one.get("answer_bytes").doubleValue());
      assertThat(one.get("experts_per_call").doubleValue())
          .isBetween(
              one.get("top_k").doubleValue(),
              Math.min(3, one.get("top_k").doubleValue() * one.get("batch").doubleValue()));
    }
    assertThat(Files.readString(folder.resolve("engine.svg"))).startsWith("<svg");
  }

  @Test
  void shouldReportEachNumberOfExpertsAsJson() throws Exception {
    JsonNode report =
        json(
            "scale",
            "--json",
            "--quick",
            "--family",
            "mlp",
            "--experts",
            "2,3",
            "--top-k",
            "1",
            "--in-flight",
            "4,8",
            "--plots",
            folder.toString());

    requirePositive(report, "threads");
    assertThat(report.get("cases")).hasSize(2 * 2 * 2);
    for (JsonNode one : report.get("cases")) {
      requirePositive(
          one,
          "experts",
          "top_k",
          "in_flight",
          "busiest_share",
          "open_ms",
          "one_row_us",
          "floor_row_us",
          "time_a_row_us",
          "times_global_batch",
          "times_portable",
          "times_dense");
      for (String load : List.of("engine", "global_batch", "portable", "dense")) {
        requirePositive(one.get(load), "rows_per_second", "p50_ms", "p99_ms", "cpu_us");
      }
      assertThat(one.get("notes")).isEmpty();
      assertThat(one.get("skew").stringValue()).isIn("uniform", "zipf");
    }
    assertThat(report.get("flatness")).hasSize(2 * 2);
    for (JsonNode one : report.get("flatness")) {
      assertThat(one.get("fewest").intValue()).isEqualTo(2);
      assertThat(one.get("most").intValue()).isEqualTo(3);
      assertThat(one.get("one_row").doubleValue()).isGreaterThanOrEqualTo(1).isFinite();
      assertThat(one.get("under_load").doubleValue()).isGreaterThanOrEqualTo(1).isFinite();
    }
    assertThat(Files.readString(folder.resolve("scale-load.svg"))).startsWith("<svg");
    assertThat(Files.readString(folder.resolve("scale-alone.svg"))).startsWith("<svg");
  }

  @Test
  void shouldReportEachServerAsJson() {
    JsonNode report =
        json(
            "serve",
            "--json",
            "--quick",
            "--model",
            "mnist:3",
            "--rows",
            "3",
            "--in-flight",
            "2,4");

    boolean peers = "true".equals(System.getenv("CI")) || report.get("settings").size() > 0;
    List<String> sides =
        peers
            ? Stream.of(Side.values())
                .filter(side -> side != Side.W8A8)
                .map(Side::toString)
                .toList()
            : List.of("noop", "noop_executor", "sparse", "dense");
    assertThat(report.get("cases")).hasSize(2);
    for (JsonNode one : report.get("cases")) {
      assertThat(one.get("times_w8a8").isNull()).isTrue();
      assertThat(one.get("rows").intValue()).isEqualTo(3);
      requirePositive(
          one, "experts", "in_flight", "noop_rps", "sparse_rps", "dense_rps", "fraction_of_noop");
      if (peers) {
        requirePositive(
            one,
            "times_peer_java_dense",
            "times_peer_java_sparse",
            "times_peer_node_dense",
            "times_peer_node_sparse");
      }
      for (String side : sides) {
        JsonNode seen = one.get("sides").get(side);
        requirePositive(seen, "rps", "p50_us", "p99_us", "p999_us");
        assertThat(seen.get("p50_us").doubleValue())
            .isLessThanOrEqualTo(seen.get("p99_us").doubleValue());
      }
      for (String own : List.of("noop", "noop_executor", "sparse", "dense")) {
        requirePositive(one.get("sides").get(own), "bytes");
      }
    }
    assertThat(report.get("on_time")).hasSize(sides.size());
    for (JsonNode one : report.get("on_time")) {
      requirePositive(one, "rate");
      requirePositive(one.get("side"), "rps", "p99_us");
      boolean compared = !one.get("sparse").isNull();
      assertThat(one.get("noop").isNull()).isEqualTo(!compared);
      if (compared) {
        requirePositive(one, "p99_of_side");
        requirePositive(one.get("sparse"), "rps", "p99_us");
        requirePositive(one.get("noop"), "rps", "p99_us");
      }
    }
  }

  @Test
  void shouldServeTheSameModelInIntegersBesideTheOthers() {
    JsonNode report =
        json(
            "serve",
            "--json",
            "--quick",
            "--model",
            "mlp:3",
            "--peers",
            "none",
            "--in-flight",
            "2",
            "--quantize",
            "w8a8");

    JsonNode one = report.get("cases").get(0);
    requirePositive(one.get("sides").get("w8a8"), "rps", "p99_us");
    assertThat(one.get("times_w8a8").propertyNames())
        .containsExactlyInAnyOrder("noop", "noop_executor", "sparse", "dense");
    requirePositive(one.get("times_w8a8"), "noop", "sparse", "dense");
  }

  @Test
  void shouldMeasureTheEngineInIntegersToo() {
    JsonNode report =
        json(
            "engine",
            "--json",
            "--quick",
            "--family",
            "mlp",
            "--experts",
            "3",
            "--batch",
            "2",
            "--top-k",
            "1",
            "--quantize",
            "w8a8");

    requirePositive(report.get("cases").get(0), "engine_us", "w8a8_us", "ratio_to_w8a8");
  }

  @Test
  void shouldSayWhatModelsThereAre() {
    assertThat(refusal("serve", "--model", "mnist"))
        .isEqualTo("model is a family and its number of experts, as mnist:5; model=mnist\n");
  }

  @Test
  void shouldSayHowManyRowsARequestMayHave() {
    String most = "rows of cifar must be in [1, 341], what gRPC takes as a message; rows=%d\n";

    assertThat(refusal("serve", "--model", "cifar:4", "--rows", "342"))
        .isEqualTo(most.formatted(342));
    assertThat(refusal("serve", "--model", "cifar:4", "--rows", "0")).isEqualTo(most.formatted(0));
  }

  private static String refusal(String... arguments) {
    StringWriter err = new StringWriter();
    int code =
        new CommandLine(new BenchCommand())
            .setExecutionExceptionHandler(
                (e, line, result) -> {
                  line.getErr().println(e.getMessage());
                  return 2;
                })
            .setErr(new PrintWriter(err, true))
            .execute(arguments);

    assertThat(code).isEqualTo(2);
    return err.toString();
  }

  @Test
  void shouldPrintALineACaseWithoutJson() {
    assertThat(
            run(
                "engine",
                "--quick",
                "--family",
                "mlp",
                "--experts",
                "2",
                "--top-k",
                "1",
                "--batch",
                "1"))
        .containsPattern("(?m)^mlp +2 +1 +1 ");
  }

  @Test
  void shouldSayThatStartsAreMeasuredByTheLauncher() {
    String root = System.getProperty("gatehouse.root", "");
    StringWriter err = new StringWriter();
    int code;
    System.setProperty("gatehouse.root", folder.toString());
    try {
      code =
          new CommandLine(new BenchCommand())
              .setErr(new PrintWriter(err))
              .setExecutionExceptionHandler(
                  (failure, line, parsed) -> {
                    line.getErr().print(failure.getMessage());
                    return 3;
                  })
              .execute("start");
    } finally {
      System.setProperty("gatehouse.root", root);
    }

    assertThat(code).isEqualTo(3);
    assertThat(err)
        .hasToString(
            "bench start measures what the launcher starts: run it as ./gatehouse bench start");
  }
}
