package dev.gatehouse.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.cli.ExitCode;
import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.run.RunFolder;
import dev.gatehouse.proto.run.Training;
import dev.gatehouse.trainer.config.GateKind;
import dev.gatehouse.trainer.config.TrainConfig;
import dev.gatehouse.trainer.loop.Trainer;
import dev.gatehouse.trainer.loop.TrainingListener;
import dev.gatehouse.trainer.testing.TinyData;
import dev.gatehouse.trainer.testing.TinyModels;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Locale;
import java.util.Objects;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CompareCommandTest {
  @TempDir private static Path folder;

  private final StringWriter out = new StringWriter();

  @BeforeAll
  static void train() throws Exception {
    train("two", 2);
    train("three", 3);
  }

  private static void train(String name, int experts) throws Exception {
    Training training = Training.plain(2, 64, 1e-2, 3);
    TrainConfig config =
        TinyModels.config(GateKind.SOFTMAX, experts, new RoutingRule.TopK(1), training);
    new Trainer(Clock.systemUTC(), new TrainingListener() {})
        .train(config, TinyData.dataSet(17), folder.resolve(name));
  }

  private int run(String... arguments) {
    CommandLine line = new CommandLine(new CompareCommand());
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(out));
    line.setExecutionExceptionHandler(
        (failure, at, parsed) -> {
          throw failure;
        });
    return line.execute(arguments);
  }

  private static String path(String name) {
    return folder.resolve(name).toString();
  }

  @Test
  void shouldWriteThePageAndPrintTheSameNumbers() throws Exception {
    assertThat(run(path("two"), path("three"), "--out", path("page.html"))).isEqualTo(ExitCode.OK);

    double error =
        Objects.requireNonNull(RunFolder.open(folder.resolve("three")).measurements())
            .test()
            .served()
            .top1();
    String percent = String.format(Locale.ROOT, "%.2f%%", 100 * error);
    assertThat(out.toString())
        .contains("held-out rows", "test rows", percent)
        .containsPattern("model\\.experts +2 +3");
    Document page = Jsoup.parse(Files.readString(folder.resolve("page.html")));
    assertThat(page.select("#measurements td").eachText()).anyMatch(t -> t.startsWith(percent));
    assertThat(page.select("#configuration tr").eachText()).contains("model.experts 2 3");
  }

  @Test
  void shouldPrintEveryMeasurementAsJson() {
    run(path("two"), path("three"), "--out", path("page2.html"), "--json");

    JsonNode json = JsonMapper.builder().build().readTree(out.toString());
    assertThat(json.at("/runs/1/name").asString()).isEqualTo("B");
    assertThat(json.at("/runs/1/measurements/test/experts").size()).isEqualTo(3);
    assertThat(json.at("/runs/0/measurements/train/rows").asInt()).isEqualTo(600);
    assertThat(json.at("/differences/model.experts/0").asString()).isEqualTo("2");
    assertThat(out.toString().lines()).hasSize(1);
  }

  @Test
  void shouldRefuseARunWithoutMeasurements() throws Exception {
    train("bare", 2);
    Files.delete(folder.resolve("bare/measurements.json"));

    CompareCommand command = new CompareCommand();
    new CommandLine(command).parseArgs(path("two"), path("bare"), "--out", path("none.html"));
    assertThatThrownBy(command::call)
        .isInstanceOf(BadInput.class)
        .hasMessageEndingWith(
            "bare: holds no measurements.json; train it again, or leave it out of the comparison");
    assertThat(folder.resolve("none.html")).doesNotExist();
  }

  @Test
  void shouldTakeNoSingleRun() {
    assertThat(run(path("two"))).isEqualTo(ExitCode.USAGE);
    assertThat(out.toString()).contains("RUN");
  }
}
