package dev.gatehouse.exporter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.exporter.reference.TinyBundles;
import dev.gatehouse.exporter.reference.TinyModels;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.run.Run;
import dev.gatehouse.proto.run.RunFolder;
import dev.gatehouse.proto.run.RunMeasurements;
import dev.gatehouse.proto.run.SplitMeasurements;
import dev.gatehouse.proto.run.SplitMeasurements.ByClass;
import dev.gatehouse.proto.run.SplitMeasurements.ByExpert;
import dev.gatehouse.proto.run.SplitMeasurements.Entropies;
import dev.gatehouse.proto.run.SplitMeasurements.Errors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelCardTest {
  private static final SplitMeasurements MEASURED =
      new SplitMeasurements(
          new RoutingRule.TopK(1),
          60,
          new Errors(0.25, 0.0625),
          new Errors(0.375, null),
          new Errors(0.25, null),
          0.125,
          0.03,
          new Entropies(0.5, 1.5),
          new Entropies(0, 1.5),
          new Entropies(0, 1.5),
          1.25,
          1.5,
          0.375,
          0.1,
          0.2,
          0.046875,
          List.of(),
          List.of(),
          List.of(
              new ByClass(20, 0.25, 0.5),
              new ByClass(40, 0.125, 0.25),
              new ByClass(0, null, null),
              new ByClass(0, null, null)),
          List.of(
              new ByExpert(30, 0.5, 30, 0.5, List.of(), List.of(), List.of()),
              new ByExpert(30, 0.5, 30, 0.5, List.of(), List.of(), List.of())));

  @TempDir private Path folder;
  private RunFolder run;

  @BeforeEach
  void write() throws IOException {
    run = TinyBundles.run("tiny-top1").write(folder.resolve("run"));
  }

  @Test
  void shouldSayWhatACertifiedAnswerIs() throws Exception {
    run = TinyBundles.run("tiny-certified").write(folder.resolve("certified"));

    assertThat(card())
        .contains(
            "Experts run by falling gate probability until the\nothers cannot change the class, which",
            "| rows | error as served (certified) |");
  }

  private String card() throws IOException {
    Exporter.export(run, folder.resolve("models"), "tiny", 1);
    return Files.readString(folder.resolve("models/tiny/1/MODEL_CARD.md"));
  }

  @Test
  void shouldTellWhatTheRunMeasured() throws Exception {
    RunMeasurements measured = new RunMeasurements(MEASURED, MEASURED, MEASURED);
    Run described = run.run();
    run.write(
        new Run(
            described.formatVersion(),
            described.id(),
            described.status(),
            described.created(),
            described.dataset(),
            described.model(),
            described.serving(),
            described.training(),
            described.teacher(),
            described.versions(),
            Run.Results.of(measured)));
    run.write(measured);

    assertThat(card())
        .contains(
            "| test, 60 | 0.2500 | 0.3750 | 0.500 | 1.500 | 1.250 |",
            "- the true class is not among the first five for 6.25%",
            "- expected calibration error, 15 bins: 4.69%",
            "- misrouted (another expert alone is right): 3.00%",
            "mean over classes: 0.375 bits",
            "The error on the training rows is 25.00%.",
            "| " + TinyModels.CLASSES.get(1) + " | 40 | 0.1250 |",
            "| " + TinyModels.CLASSES.get(2) + " | 0 | no rows |",
            "its probabilities\nare off by 4.69% on average")
        .doesNotContain("not calibrated");
  }

  @Test
  void shouldSayThatNothingIsKnownOfCalibrationWithoutMeasurements() throws Exception {
    assertThat(card())
        .contains("its probabilities\nare not calibrated.")
        .doesNotContain("misrouted");
  }

  @Test
  void shouldRefuseMeasurementsOfAnotherModel() throws Exception {
    run.write(new RunMeasurements(MEASURED, MEASURED, MEASURED));

    assertThatThrownBy(this::card)
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("results of the measurements");
  }
}
