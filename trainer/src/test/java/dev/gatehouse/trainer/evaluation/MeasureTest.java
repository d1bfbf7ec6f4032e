package dev.gatehouse.trainer.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.bundle.SelfTest;
import dev.gatehouse.proto.file.Safetensors.Tensor;
import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.run.EpochMetrics;
import dev.gatehouse.proto.run.RoutingTable;
import dev.gatehouse.trainer.data.LabelledRows;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class MeasureTest {
  private static final RoutingRule DENSE = new RoutingRule.Dense();
  private static final RoutingRule TOP_1 = new RoutingRule.TopK(1);
  private static final RoutingRule TOP_2 = new RoutingRule.TopK(2);

  /**
   * Two rows, three experts, two classes. Row 0: top-1 asks expert 0 (class 0, right); dense says
   * class 1. Row 1: experts 1 and 2 tie, the lower one is asked.
   */
  private static final Predictions ALL =
      new Predictions(
          3,
          2,
          new int[] {0, 1},
          new float[] {0.4f, 0.35f, 0.25f, 0.2f, 0.4f, 0.4f},
          new float[] {
            0.6f, 0.4f, 0.1f, 0.9f, 0.2f, 0.8f,
            0.5f, 0.5f, 0.3f, 0.7f, 0.9f, 0.1f
          });

  @Test
  void shouldServeTheLowerIndexAmongEquals() {
    assertThat(ALL.chosen(TOP_1, 1)).containsExactly(1);
    assertThat(ALL.chosen(TOP_2, 1)).containsExactly(1, 2);
    assertThat(ALL.chosen(TOP_2, 0)).containsExactly(0, 1);
    assertThat(ALL.chosen(DENSE, 0)).containsExactly(0);
  }

  @Test
  void shouldServeTheChosenExpertsWordForTopOne() {
    assertThat(ALL.answer(TOP_1, 0)).containsExactly(0.6f, 0.4f);
  }

  @Test
  void shouldSpreadTheWeightsOfTheChosenToOneForTopTwo() {
    assertThat(ALL.answer(TOP_2, 0)[0])
        .isCloseTo((0.4f * 0.6f + 0.35f * 0.1f) / 0.75f, Offset.offset(1e-6f));
  }

  @Test
  void shouldPutTheMeasurementsIntoTheLineOfAnEpoch() {
    EpochMetrics line = Measure.epoch(3, 0.25, 0.5, ALL, TOP_1, 1e-3, System.nanoTime());

    // Dense: row 0 0.325 against 0.675, wrong; row 1 0.58 against 0.42, wrong. Served: both right.
    assertThat(line.validationError()).isEqualTo(1);
    assertThat(line.servedError()).isZero();
    // H(.4, .35, .25) = 1.558871, H(.2, .4, .4) = 1.521928; H(.3, .375, .325) = 1.578712.
    assertThat(line.sampleEntropy()).isCloseTo(1.540400, Offset.offset(1e-5));
    assertThat(line.usageEntropy()).isCloseTo(1.578712, Offset.offset(1e-5));
    assertThat(line.mutualInformation()).isCloseTo(1, Offset.offset(1e-12));
    // Hits 1, 1, 0: mean 2/3, deviation sqrt((1/9 + 1/9 + 4/9) / 2) = .577350.
    assertThat(line.loadVariation()).isCloseTo(0.866025, Offset.offset(1e-5));
    assertThat(line.expertLoad()).containsExactly(0.5, 0.5, 0.0);
    assertThat(line.expertAccuracy()).containsExactly(1.0, 1.0, null);
    assertThat(line.expertByClass())
        .isEqualTo(List.of(List.of(1L, 0L), List.of(0L, 1L), List.of(0L, 0L)));
    assertThat(line.taskEntropy()).isZero();
    assertThat(line.servedErrorOfFive()).isNull();
    // Both right, said with 0.6 and 0.7.
    assertThat(line.calibrationError()).isCloseTo(0.35, Offset.offset(1e-6));
    assertThat(line)
        .extracting(
            EpochMetrics::epoch,
            EpochMetrics::loss,
            EpochMetrics::trainError,
            EpochMetrics::learningRate)
        .containsExactly(3, 0.25, 0.5, 1e-3);
    assertThat(line.seconds()).isBetween(0.0, 60.0);
  }

  @Test
  void shouldCountHitsOfTheServedRule() {
    RoutingTable table = RoutingTable.of(Measure.of(ALL, TOP_2));

    assertThat(table.hits()).containsExactly(1L, 2L, 1L);
    assertThat(table.expertByClass())
        .containsExactly(List.of(1L, 0L), List.of(0L, 1L), List.of(0L, 0L));
    assertThat(table.gateMass().get(1)).isCloseTo(0.375, Offset.offset(1e-7));
  }

  @Test
  void shouldRecordASelfTestThatRefusesOneChangedValue() {
    LabelledRows split = new LabelledRows(Tensor.of(new byte[] {7, 8}, 2, 1), ALL.labels());
    SelfTest selfTest = SelfTests.record(List.of("a", "b"), split, ALL, TOP_1);

    float[] changed = selfTest.outputs().clone();
    assertThat(selfTest.compare(ALL.gate(), changed).maxAbsDiff()).isZero();
    changed[0] += 1e-3f;
    assertThatThrownBy(() -> selfTest.compare(ALL.gate(), changed).require("here"))
        .isInstanceOf(BadInput.class);
    assertThat(selfTest.rows().floats()).containsExactly(7, 8);
  }
}
