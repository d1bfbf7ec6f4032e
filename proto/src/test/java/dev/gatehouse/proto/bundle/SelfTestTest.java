package dev.gatehouse.proto.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.file.Safetensors.Tensor;
import dev.gatehouse.proto.network.RoutingRule;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SelfTestTest {
  /** Four rows of two bytes, three experts, two classes; row 3 lies 5e-5 from a tie for k = 1. */
  private static final SelfTest TEST =
      new SelfTest(
          new RoutingRule.TopK(1),
          List.of("cat", "dog"),
          Tensor.of(new byte[8], 4, 2),
          new int[] {0, 1, 1, 0},
          new float[] {.8f, .1f, .1f, .2f, .7f, .1f, .1f, .2f, .7f, .50005f, .5f, 0},
          new float[] {.9f, .1f, .3f, .7f, .4f, .6f, .5f, .5f});

  @Test
  void shouldReadBackWhatItWrote(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("selftest.safetensors");
    TEST.write(file);

    assertThat(SelfTest.read(file)).usingRecursiveComparison().isEqualTo(TEST);
  }

  @Test
  void shouldFindNoDifferenceWithItself() {
    Parity parity = TEST.compare(TEST.gateProbabilities(), TEST.outputs());

    assertThat(parity.require("gate.onnx")).isEqualTo(new Parity(4, 0, 0, 0));
  }

  @Test
  void shouldMeasureTheLargestDifference() {
    float[] outputs = TEST.outputs().clone();
    outputs[2] += 0.25f;
    float[] gate = TEST.gateProbabilities().clone();
    gate[1] -= 0.0625f;

    Parity parity = TEST.compare(gate, outputs);

    assertThat(parity.outputDifference()).isEqualTo(0.25, within(1e-7));
    assertThat(parity.gateDifference()).isEqualTo(0.0625, within(1e-7));
  }

  @Test
  void shouldCompareGateProbabilitiesAloneWhereARowWentTheOtherWayAtATie() {
    float[] outputs = TEST.outputs().clone();
    outputs[6] = 0;
    float[] gate = TEST.gateProbabilities().clone();
    gate[9] += 1e-3f;

    Parity parity = TEST.compare(gate, outputs);

    assertThat(parity.nearTies()).isEqualTo(1);
    assertThat(parity.outputDifference()).isZero();
    assertThat(parity.gateDifference()).isGreaterThan(9e-4);
  }

  @Test
  void shouldCompareTheOutputOfARowThatWentTheSameWayAtATie() {
    float[] outputs = TEST.outputs().clone();
    outputs[6] += 5e-5f;

    Parity parity = TEST.compare(TEST.gateProbabilities(), outputs);

    assertThat(parity.nearTies()).isZero();
    assertThat(parity.outputDifference()).isEqualTo(5e-5, within(1e-7));
  }

  @Test
  void shouldNotTakeADifferenceAwayFromATieForAnotherWay() {
    float[] outputs = TEST.outputs().clone();
    outputs[4] += 5e-4f;

    Parity parity = TEST.compare(TEST.gateProbabilities(), outputs);

    assertThat(parity.nearTies()).isZero();
    assertThatThrownBy(() -> parity.require("gate.onnx"))
        .hasMessageStartingWith("gate.onnx: differs from the trained model");
  }

  @Test
  void shouldNotTakeADifferenceThatTheTieCannotExplainForAnotherWay() {
    // Experts 1 and 2 are tied for the second place with 0.001 each: together with expert 0 they
    // can move the answer by about that, and by no more.
    SelfTest decisive =
        new SelfTest(
            new RoutingRule.TopK(2),
            List.of("cat", "dog"),
            Tensor.of(new byte[2], 1, 2),
            new int[] {0},
            new float[] {.998f, .00101f, .00099f},
            new float[] {.9f, .1f});

    Parity explained = decisive.compare(decisive.gateProbabilities(), new float[] {.9009f, .0991f});
    Parity unexplained = decisive.compare(decisive.gateProbabilities(), new float[] {.91f, .09f});

    assertThat(explained.nearTies()).isEqualTo(1);
    assertThat(unexplained.nearTies()).isZero();
    assertThat(unexplained.outputDifference()).isCloseTo(0.01, within(1e-6));
  }

  @Test
  void shouldLetNoRowGoAnotherWayWhereEveryExpertAnswers() {
    SelfTest dense =
        new SelfTest(
            new RoutingRule.Dense(),
            List.of("cat", "dog"),
            Tensor.of(new byte[2], 1, 2),
            new int[] {0},
            new float[] {.5f, .5f, 0},
            new float[] {.9f, .1f});

    assertThat(dense.compare(dense.gateProbabilities(), new float[] {.5f, .5f}).nearTies())
        .isZero();
  }

  /** One row of the dense answer [0.7, 0.3]; experts 1 and 2 have 0.25 of the gate. */
  private static final SelfTest CERTIFIED =
      new SelfTest(
          new RoutingRule.Certified(),
          List.of("cat", "dog"),
          Tensor.of(new byte[2], 1, 2),
          new int[] {0},
          new float[] {.75f, .125f, .125f},
          new float[] {.7f, .3f});

  private static Parity certified(float cat, int... chosen) {
    return CERTIFIED.compare(
        CERTIFIED.gateProbabilities(), new float[] {cat, 1 - cat}, chosen.clone());
  }

  @Test
  void shouldLetACertifiedRowDifferByTheMassThatDidNotRun() {
    assertThat(certified(.95f, 0, -1).outputDifference()).isCloseTo(0, within(1e-6));
    assertThat(certified(.96f, 0, -1).outputDifference()).isCloseTo(.01, within(1e-6));
    assertThat(certified(.96f, 0, 2).outputDifference()).isCloseTo(.135, within(1e-6));
    assertThat(certified(.96f, 0, 2, 1).outputDifference()).isCloseTo(.26, within(1e-6));
  }

  @Test
  void shouldLetNoCertifiedRowHaveAnotherLabel() {
    Parity parity = certified(.49f, 0, -1);

    assertThat(parity.outputDifference()).isCloseTo(.21, within(1e-6));
    assertThatThrownBy(() -> parity.require("the split graphs")).isInstanceOf(BadInput.class);
  }

  @Test
  void shouldCompareWholeOutputsOfOneGraphAndOfOtherRules() {
    float[] other = {.8f, .2f};

    assertThat(CERTIFIED.compare(CERTIFIED.gateProbabilities(), other).outputDifference())
        .isCloseTo(.1, within(1e-6));
    assertThat(
            TEST.compare(TEST.gateProbabilities(), new float[8], new int[] {0, 1, 1, 0})
                .outputDifference())
        .isCloseTo(.9, within(1e-6));
  }

  @Test
  void shouldNotTakeNaNForTheMassThatDidNotRun() {
    assertThat(certified(Float.NaN, 0, -1).outputDifference()).isNaN();
  }

  @Test
  void shouldRefuseNaNHoweverSmallTheRest() {
    float[] outputs = TEST.outputs().clone();
    outputs[0] = Float.NaN;

    Parity parity = TEST.compare(TEST.gateProbabilities(), outputs);

    assertThat(parity.maxAbsDiff()).isNaN();
    assertThatThrownBy(() -> parity.require("gate.onnx"))
        .isInstanceOf(BadInput.class)
        .hasMessageStartingWith("gate.onnx: differs from the trained model");
  }

  @Test
  void shouldRefuseADifferenceBeyondTheTolerance() {
    assertThat(new Parity(256, 5, 1e-4, 9e-5).require("x").maxAbsDiff()).isEqualTo(1e-4);
    assertThatThrownBy(() -> new Parity(256, 0, 1.01e-4, 0).require("x"))
        .isInstanceOf(BadInput.class);
    assertThatThrownBy(() -> new Parity(256, 6, 0, 0).require("x"))
        .hasMessageContaining("6 of 256 self-test rows went the other way at a routing tie");
  }
}
