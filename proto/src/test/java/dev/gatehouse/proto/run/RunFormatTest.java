package dev.gatehouse.proto.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.file.Json;
import dev.gatehouse.proto.network.GateSpec;
import dev.gatehouse.proto.network.InputSpec;
import dev.gatehouse.proto.network.Layer;
import dev.gatehouse.proto.network.ModelSpec;
import dev.gatehouse.proto.network.Network;
import dev.gatehouse.proto.network.ParameterSpec;
import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.network.Shape;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFormatTest {
  private static final Network SMALL =
      new Network(
          List.of(
              new Layer.Conv2d(1, 3, 0),
              new Layer.Relu(),
              new Layer.MaxPool(2),
              new Layer.Flatten(),
              new Layer.Linear(5),
              new Layer.Relu(),
              new Layer.Linear(32)),
          Network.Tap.AFTER_RELU);
  private static final ModelSpec MODEL =
      new ModelSpec(
          new InputSpec(
              "image",
              InputSpec.Datatype.UINT8,
              Shape.of(1, 28, 28),
              0,
              255,
              new InputSpec.Normalisation(255, List.of(0.1307), List.of(0.3081))),
          List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"),
          5,
          SMALL,
          new GateSpec.Softmax(SMALL));

  private static Run run() {
    return new Run(
        RunFolder.FORMAT_VERSION,
        "r1",
        Run.Status.RUNNING,
        "2026-11-24T00:00:00Z",
        new Run.Dataset("mnist", "CC BY-SA 3.0", 50_000, 10_000, 10_000, "00"),
        MODEL,
        new RoutingRule.TopK(1),
        Training.plain(2, 512, 1e-3, 7),
        null,
        Map.of("djl", "0.36.0"),
        null);
  }

  @Test
  void shouldCountThePapersExpertAt1382Parameters() {
    int sum = MODEL.expertParameters(0).stream().mapToInt(ParameterSpec::elements).sum();

    assertThat(sum).isEqualTo(1_382);
  }

  @Test
  void shouldReadBackTheRunItWrote(@TempDir Path folder) throws Exception {
    RunFolder.create(folder.resolve("r1"), run());

    assertThat(RunFolder.open(folder.resolve("r1")).run()).isEqualTo(run());
  }

  @Test
  void shouldRefuseAnotherFormatVersionInOneLine(@TempDir Path folder) throws Exception {
    Path path = folder.resolve("r1");
    RunFolder.create(path, run());
    Path json = path.resolve("run.json");
    Files.writeString(
        json, Files.readString(json).replace("\"format_version\" : 1", "\"format_version\" : 2"));

    assertThatThrownBy(() -> RunFolder.open(path))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("format version 2; this Gatehouse reads version 1");
  }

  @Test
  void shouldRefuseAKeyItDoesNotKnow() {
    String text = Json.text(run()).replace("\"seed\" : 7", "\"seed\" : 7, \"sead\" : 8");

    assertThatThrownBy(() -> Json.parse(text, Run.class, "run.json"))
        .isInstanceOf(BadInput.class)
        .hasMessageStartingWith("run.json: line ")
        .hasMessageContaining("sead");
  }

  @Test
  void shouldRefuseAValueOutOfItsRangeWithTheRule() {
    String text = Json.text(run()).replace("\"epochs\" : 2", "\"epochs\" : 0");

    assertThatThrownBy(() -> Json.parse(text, Run.class, "run.json"))
        .isInstanceOf(BadInput.class)
        .hasMessage("run.json: epochs must be at least 1; epochs=0");
  }

  @Test
  void shouldReadBackTheMeasurementsItWrote(@TempDir Path folder) throws Exception {
    RunFolder run = RunFolder.create(folder.resolve("r1"), run());
    assertThat(run.measurements()).as("of a run that still trains").isNull();

    RunMeasurements measured = new RunMeasurements(split(0.25), split(0.5), split(0.125));
    run.write(measured);

    assertThat(run.measurements()).isEqualTo(measured);
    assertThat(Files.readString(folder.resolve("r1/measurements.json")))
        .contains("\"mutual_information_predicted\" : 0.75", "\"top5\" : null");
  }

  private static SplitMeasurements split(double error) {
    SplitMeasurements.Errors errors = new SplitMeasurements.Errors(error, null);
    SplitMeasurements.Entropies none = new SplitMeasurements.Entropies(0, 0);
    return new SplitMeasurements(
        new RoutingRule.TopK(1),
        8,
        errors,
        errors,
        errors,
        0,
        0,
        none,
        none,
        none,
        0.5,
        0.75,
        0,
        0,
        0,
        0,
        List.of(new SplitMeasurements.ReliabilityBin(0, null, null)),
        List.of(8L),
        List.of(new SplitMeasurements.ByClass(8, error, 0.0)),
        List.of(
            new SplitMeasurements.ByExpert(
                8, 1, 8, 1 - error, List.of(8L), List.of(8L), List.of(8L))));
  }

  @Test
  void shouldRefuseCountsThatDoNotAddUp() {
    String text = Json.text(split(0.25)).replaceFirst("\"rows\" : 8", "\"rows\" : 9");

    assertThatThrownBy(() -> Json.parse(text, SplitMeasurements.class, "here"))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("must add up to the rows; rows=9");
  }

  @Test
  void shouldTakeAnyNumberOfHitsThatCertifiedRowsCanHave() {
    assertThat(certified(3, 0, 1).hits()).containsExactly(3L, 0L, 1L);
    assertThat(certified(4, 4, 4).rule()).isEqualTo(new RoutingRule.Certified());
    assertThatThrownBy(() -> certified(2, 1, 0))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("hits=[2, 1, 0], rows=4, rule=certified");
    assertThatThrownBy(() -> certified(4, 4, 5)).isInstanceOf(BadInput.class);
    assertThatThrownBy(() -> table(new RoutingRule.TopK(1), 3, 1, 1)).isInstanceOf(BadInput.class);
  }

  private static RoutingTable certified(long... hits) {
    String text = Json.text(table(new RoutingRule.Certified(), hits));
    assertThat(text).contains("\"rule\" : \"certified\"");
    return Json.parse(text, RoutingTable.class, "here");
  }

  private static RoutingTable table(RoutingRule rule, long... hits) {
    return new RoutingTable(
        rule,
        4,
        Arrays.stream(hits).boxed().toList(),
        List.of(.5, .25, .25),
        1.5,
        List.of(List.of(4L), List.of(0L), List.of(0L)));
  }

  @Test
  void shouldNotTrainByARuleThatOnlyServes() {
    assertThatThrownBy(() -> run().training().rule(new RoutingRule.Certified()))
        .isInstanceOf(BadInput.class)
        .hasMessage("rule certified is one to serve by; what it serves is trained dense");
  }

  @Test
  void shouldNameEveryValueByThePathOfItsKey() {
    assertThat(Json.leaves(run()))
        .containsEntry("id", "r1")
        .containsEntry("dataset.train_rows", "50000")
        .containsEntry("model.classes", "0, 1, 2, 3, 4, 5, 6, 7, 8, 9")
        .containsEntry("model.expert.trunk[0].layer", "conv2d")
        .containsEntry("training.optimizer.learning_rate", "0.001")
        .containsEntry("teacher", "null");
  }
}
