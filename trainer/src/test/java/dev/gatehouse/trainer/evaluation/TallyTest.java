package dev.gatehouse.trainer.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.run.RoutingTable;
import dev.gatehouse.proto.run.SplitMeasurements;
import dev.gatehouse.proto.run.SplitMeasurements.ByExpert;
import dev.gatehouse.proto.run.SplitMeasurements.Entropies;
import dev.gatehouse.proto.run.SplitMeasurements.Errors;
import dev.gatehouse.proto.run.SplitMeasurements.ReliabilityBin;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TallyTest {
  private static final RoutingRule DENSE = new RoutingRule.Dense();
  private static final RoutingRule TOP_1 = new RoutingRule.TopK(1);
  private static final RoutingRule TOP_2 = new RoutingRule.TopK(2);
  private static final Offset<Double> CLOSE = Offset.offset(1e-6);

  /**
   * Four rows, two experts, two classes.
   *
   * <pre>
   * row  label  p          o_0         o_1         asked  served        dense
   * 0    0      .75, .25   .9, .1      .2, .8      0      0 right       .725, .275: right
   * 1    0      .25, .75   .6, .4      .4, .6      1      1 wrong       .45, .55: wrong
   * 2    1      .5, .5     .7, .3      .6, .4      0      0 wrong       .65, .35: wrong
   * 3    1      .375,.625  .9, .1      .45, .55    1      1 right       .61875, ...: wrong
   * </pre>
   */
  private static final Predictions FOUR =
      new Predictions(
          2,
          2,
          new int[] {0, 0, 1, 1},
          new float[] {.75f, .25f, .25f, .75f, .5f, .5f, .375f, .625f},
          new float[] {
            .9f, .1f, .2f, .8f, .6f, .4f, .4f, .6f, .7f, .3f, .6f, .4f, .9f, .1f, .45f, .55f
          });

  @Test
  void shouldCountErrorsAsServedDenseAndOfTheArgmaxExpert() {
    SplitMeasurements measured = Measure.of(FOUR, TOP_1);

    assertThat(measured.rows()).isEqualTo(4);
    assertThat(measured.served()).isEqualTo(new Errors(0.5, null));
    assertThat(measured.argmax()).isEqualTo(new Errors(0.5, null));
    assertThat(measured.dense()).isEqualTo(new Errors(0.75, null));
  }

  @Test
  void shouldTellWhatAnotherChoiceOfExpertWouldHaveSaved() {
    SplitMeasurements measured = Measure.of(FOUR, TOP_1);

    // Row 1: expert 0 was not asked and is right. Row 2: nobody is.
    assertThat(measured.misrouted()).isEqualTo(0.25);
    assertThat(measured.oracleError()).isEqualTo(0.25);
  }

  @Test
  void shouldNotCallARowMisroutedWhoseRightExpertWasAskedAndOutvoted() {
    // Dense: row 3 is wrong although its argmax expert 1 is right, and row 1 is misrouted.
    assertThat(Measure.of(FOUR, DENSE).misrouted()).isEqualTo(0.25);
    assertThat(Measure.of(FOUR, TOP_2).misrouted()).isZero();
  }

  @Test
  void shouldMeasureEntropiesOfTheGateOfTheKeptWeightsAndByCounts() {
    SplitMeasurements measured = Measure.of(FOUR, TOP_1);

    // H(1/4) = .811278 twice, H(1/2) = 1, H(3/8) = .954434; the mean gate is (.46875, .53125).
    assertThat(measured.gate().sample()).isCloseTo(0.894248, CLOSE);
    assertThat(measured.gate().usage()).isCloseTo(0.997180, CLOSE);
    assertThat(measured.kept()).isEqualTo(new Entropies(0, 1));
    assertThat(measured.counts()).isEqualTo(new Entropies(0, 1));
    assertThat(Measure.of(FOUR, DENSE).kept()).isEqualTo(measured.gate());
    assertThat(Measure.of(FOUR, TOP_2).kept().sample()).isCloseTo(0.894248, CLOSE);
  }

  @Test
  void shouldMeasureInformationWithTrueAndWithPredictedClasses() {
    SplitMeasurements measured = Measure.of(FOUR, TOP_1);

    // Each expert takes one row of each class, yet expert 0 only says 0 and expert 1 only 1.
    assertThat(measured.mutualInformation()).isCloseTo(0, CLOSE);
    assertThat(measured.mutualInformationPredicted()).isCloseTo(1, CLOSE);
    assertThat(measured.taskEntropy()).isCloseTo(1, CLOSE);
    assertThat(measured.classes().get(0).expertEntropy()).isCloseTo(1, CLOSE);
    assertThat(measured.classes().get(1).servedError()).isEqualTo(0.5);
  }

  @Test
  void shouldMeasureEachExpertOnItsOwnRows() {
    ByExpert second = Measure.of(FOUR, TOP_1).experts().get(1);

    assertThat(second.hits()).isEqualTo(2);
    assertThat(second.gateMass()).isCloseTo(0.53125, CLOSE);
    assertThat(second.accuracy()).isEqualTo(0.5);
    assertThat(second.byClass()).containsExactly(1L, 1L);
    assertThat(second.byPredicted()).containsExactly(0L, 2L);
    // .25, .75, .5, .625 in bins of .05.
    assertThat(second.gateProbability().get(5)).isEqualTo(1);
    assertThat(second.gateProbability().get(15)).isEqualTo(1);
    assertThat(second.gateProbability().get(10)).isEqualTo(1);
    assertThat(second.gateProbability().get(12)).isEqualTo(1);
  }

  @Test
  void shouldMeasureTheSpreadOfUsageWithBesselsCorrection() {
    SplitMeasurements measured = Measure.of(FOUR, TOP_1);

    // Masses 1.875 and 2.125: mean 2, deviation sqrt(2 * .125^2 / 1) = .176777.
    assertThat(measured.importanceVariation()).isCloseTo(0.0883883, CLOSE);
    assertThat(measured.loadVariation()).isZero();
  }

  @Test
  void shouldMeasureCalibrationOfTheServedProbabilities() {
    SplitMeasurements measured = Measure.of(FOUR, TOP_1);

    // Confidences .9 right, .6 wrong, .7 wrong, .55 right: bins 13, 9, 10 and 8 of 15.
    assertThat(measured.calibrationError()).isCloseTo((0.1 + 0.6 + 0.7 + 0.45) / 4, CLOSE);
    List<ReliabilityBin> bins = measured.reliability();
    assertThat(bins).hasSize(15);
    assertThat(bins.get(13).accuracy()).isEqualTo(1);
    assertThat(bins.get(13).confidence()).isCloseTo(0.9, CLOSE);
    assertThat(bins.get(0)).isEqualTo(new ReliabilityBin(0, null, null));
  }

  @Test
  void shouldCountTheTrueClassAmongTheFirstFive() {
    float[] seven = {.05f, .3f, .2f, .2f, .1f, .1f, .05f};
    Predictions one = new Predictions(1, 7, new int[] {5}, new float[] {1}, seven);
    Predictions tied = new Predictions(1, 7, new int[] {6}, new float[] {1}, seven);

    assertThat(Measure.of(one, DENSE).served()).isEqualTo(new Errors(1, 0.0));
    // Class 0 has the same .05 and the lower index.
    assertThat(Measure.of(tied, DENSE).served()).isEqualTo(new Errors(1, 1.0));
  }

  @Test
  void shouldNeverCallAnAnswerRightThatIsNoNumber() {
    Predictions nan =
        new Predictions(1, 2, new int[] {0}, new float[] {1}, new float[] {Float.NaN, Float.NaN});

    assertThat(Measure.of(nan, DENSE).served().top1()).isEqualTo(1);
    assertThat(Measure.of(nan, DENSE).oracleError()).isEqualTo(1);
  }

  @Test
  void shouldLeaveOutWhatHasNoRows() {
    Predictions one =
        new Predictions(
            2, 2, new int[] {1}, new float[] {.9f, .1f}, new float[] {.1f, .9f, .5f, .5f});

    SplitMeasurements measured = Measure.of(one, TOP_1);

    assertThat(measured.experts().get(1).accuracy()).isNull();
    assertThat(measured.classes().get(0).servedError()).isNull();
    assertThat(measured.taskEntropy()).isZero();
  }

  @Test
  void shouldRefuseToMeasureNothing() {
    assertThatThrownBy(() -> new Tally(DENSE, 2, 2).measurements())
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void shouldMeasureTheSameInPieces() {
    Predictions all = random(new Random(5), 60, 4, 7);
    Tally tally = new Tally(TOP_2, 4, 7);
    for (int from = 0; from < 60; from += 25) {
      tally.add(rows(all, from, Math.min(60, from + 25)));
    }

    assertThat(tally.measurements()).isEqualTo(Measure.of(all, TOP_2));
  }

  @ParameterizedTest
  @CsvSource({"1,0", "2,1", "3,2", "4,3", "5,0", "6,1", "7,2"})
  void shouldAgreeWithPlainLoops(long seed, int k) {
    Random random = new Random(seed);
    Predictions all = random(random, 40, 3 + random.nextInt(3), 4 + random.nextInt(5));
    RoutingRule rule = k == 0 ? DENSE : new RoutingRule.TopK(k);

    SplitMeasurements measured = Measure.of(all, rule);

    PlainMeasures plain = PlainMeasures.of(all, k);
    Offset<Double> close = Offset.offset(1e-9);
    String why = "seed " + seed;
    assertThat(measured.served().top1()).as(why).isEqualTo(plain.error(k, 1));
    assertThat(measured.dense().top1()).as(why).isEqualTo(plain.error(0, 1));
    assertThat(measured.argmax().top1()).as(why).isEqualTo(plain.error(1, 1));
    if (all.classes() > 5) {
      assertThat(measured.served().top5()).as(why).isEqualTo(plain.error(k, 5));
    }
    assertThat(measured.oracleError()).as(why).isEqualTo(plain.oracleError());
    assertThat(measured.misrouted()).as(why).isEqualTo(plain.misrouted());
    assertThat(measured.gate().sample()).as(why).isCloseTo(plain.sampleEntropy(0), CLOSE);
    assertThat(measured.gate().usage()).as(why).isCloseTo(plain.usageEntropy(0), CLOSE);
    assertThat(measured.kept().sample()).as(why).isCloseTo(plain.sampleEntropy(k), CLOSE);
    assertThat(measured.kept().usage()).as(why).isCloseTo(plain.usageEntropy(k), CLOSE);
    assertThat(measured.counts().sample()).as(why).isZero();
    assertThat(measured.counts().usage()).as(why).isCloseTo(plain.usageEntropy(1), close);
    assertThat(measured.mutualInformation())
        .as(why)
        .isCloseTo(plain.information(all.labels()), close);
    assertThat(measured.mutualInformationPredicted())
        .as(why)
        .isCloseTo(plain.information(plain.ownWords()), close);
    assertThat(measured.importanceVariation()).as(why).isCloseTo(plain.variation(false), close);
    assertThat(measured.loadVariation()).as(why).isCloseTo(plain.variation(true), close);
    assertThat(measured.calibrationError()).as(why).isCloseTo(plain.calibrationError(15), close);
    double taskEntropy = 0;
    for (int c = 0; c < all.classes(); c++) {
      assertThat(measured.classes().get(c).expertEntropy())
          .as(why)
          .isCloseTo(plain.expertEntropy(c), close);
      taskEntropy += plain.expertEntropy(c) / all.classes();
    }
    assertThat(measured.taskEntropy()).as(why).isCloseTo(taskEntropy, close);
    for (int e = 0; e < all.experts(); e++) {
      ByExpert expert = measured.experts().get(e);
      assertThat((double) expert.hits()).as(why).isEqualTo(plain.hits(e));
      if (expert.rows() > 0) {
        assertThat(expert.accuracy()).as(why).isCloseTo(plain.accuracy(e), close);
      }
      for (int c = 0; c < all.classes(); c++) {
        assertThat(expert.byClass().get(c)).as(why).isEqualTo(plain.own(e, c));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void shouldServeCertifiedRowsWithTheErrorOfTheFullMixture(long seed) {
    Random random = new Random(seed);
    Predictions all = sure(random, 300, 2 + random.nextInt(5), 2 + random.nextInt(8));

    SplitMeasurements measured = Measure.of(all, new RoutingRule.Certified());
    CertifiedCount count = new CertifiedCount(all.classes());
    count.add(all);

    assertThat(measured.served().top1())
        .isEqualTo(PlainMeasures.of(all, 0).error(0, 1))
        .isEqualTo(count.split().error());
    long hits = measured.experts().stream().mapToLong(ByExpert::hits).sum();
    assertThat(count.split().expertsPerRow())
        .isEqualTo(expertsByPlainLoops(all))
        .isEqualTo(hits / 300.0)
        .isStrictlyBetween(1.0, (double) all.experts());
    assertThat(RoutingTable.of(measured).hits())
        .isEqualTo(measured.experts().stream().map(ByExpert::hits).toList());
  }

  /** One more expert at a time, until the best class leads by more than the others weigh. */
  private static double expertsByPlainLoops(Predictions all) {
    PlainMeasures plain = PlainMeasures.of(all, 0);
    long experts = 0;
    for (int n = 0; n < all.rows(); n++) {
      int k = 0;
      boolean certain = false;
      while (!certain && k < all.experts()) {
        k++;
        List<Integer> ran = plain.chosen(n, k);
        double[] y = new double[all.classes()];
        double left = 0;
        for (int e = 0; e < all.experts(); e++) {
          left += ran.contains(e) ? 0 : plain.gate()[n][e];
          for (int c = 0; c < y.length; c++) {
            y[c] += ran.contains(e) ? plain.gate()[n][e] * plain.outputs()[n][e][c] : 0;
          }
        }
        List<Integer> best = PlainMeasures.order(y);
        certain = y[best.get(0)] - y[best.get(1)] > left + 1e-5;
      }
      experts += k;
    }
    return (double) experts / all.rows();
  }

  /** Softmaxes that are mostly sure. */
  private static Predictions sure(Random random, int rows, int experts, int classes) {
    return new Predictions(
        experts,
        classes,
        random.ints(rows, 0, classes).toArray(),
        softmaxes(random, rows, experts),
        softmaxes(random, rows * experts, classes));
  }

  private static float[] softmaxes(Random random, int rows, int width) {
    float[] all = new float[rows * width];
    for (int n = 0; n < rows; n++) {
      double sum = 0;
      double[] parts = new double[width];
      for (int i = 0; i < width; i++) {
        parts[i] = Math.exp(3 * random.nextGaussian());
        sum += parts[i];
      }
      for (int i = 0; i < width; i++) {
        all[n * width + i] = (float) (parts[i] / sum);
      }
    }
    return all;
  }

  /** Every class has rows; quantised gates and outputs, so that ties happen. */
  private static Predictions random(Random random, int rows, int experts, int classes) {
    int[] labels = new int[rows];
    for (int n = 0; n < rows; n++) {
      labels[n] = n < classes ? n : random.nextInt(classes);
    }
    return new Predictions(
        experts,
        classes,
        labels,
        simplices(random, rows, experts),
        simplices(random, rows * experts, classes));
  }

  private static float[] simplices(Random random, int rows, int width) {
    float[] all = new float[rows * width];
    for (int n = 0; n < rows; n++) {
      int sum = 0;
      int[] parts = new int[width];
      for (int i = 0; i < width; i++) {
        parts[i] = 1 + random.nextInt(4);
        sum += parts[i];
      }
      for (int i = 0; i < width; i++) {
        all[n * width + i] = (float) parts[i] / sum;
      }
    }
    return all;
  }

  private static Predictions rows(Predictions all, int from, int to) {
    int m = all.experts();
    int c = all.classes();
    return new Predictions(
        m,
        c,
        Arrays.copyOfRange(all.labels(), from, to),
        Arrays.copyOfRange(all.gate(), from * m, to * m),
        Arrays.copyOfRange(all.outputs(), from * m * c, to * m * c));
  }
}
