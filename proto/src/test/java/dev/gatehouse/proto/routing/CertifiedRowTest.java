package dev.gatehouse.proto.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.proto.routing.RandomMixtures.Mixture;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CertifiedRowTest {
  private static final int MIXTURES = 1_000_000;

  /** Runs {@code row} to its end. */
  private static CertifiedRow finished(Mixture mixture) {
    CertifiedRow row = new CertifiedRow(mixture.gate(), 0, mixture.experts(), mixture.classes());
    while (row.next() != CertifiedRow.NO_EXPERT) {
      row.add(FloatBuffer.wrap(mixture.answers()[row.next()]), 0);
    }
    return row;
  }

  private static CertifiedRow finished(float[] gate, float[]... answers) {
    return finished(new Mixture(gate, answers));
  }

  private static float[] answer(CertifiedRow row, int classes) {
    float[] answer = new float[classes];
    row.write(answer, 0);
    return answer;
  }

  private static int[] ran(CertifiedRow row) {
    int[] ran = new int[row.count()];
    Arrays.setAll(ran, row::expert);
    return ran;
  }

  /** y = sum_e p_e o_e. */
  private static double[] dense(Mixture mixture) {
    double[] y = new double[mixture.classes()];
    for (int e = 0; e < mixture.experts(); e++) {
      for (int c = 0; c < y.length; c++) {
        y[c] += (double) mixture.gate()[e] * mixture.answers()[e][c];
      }
    }
    return y;
  }

  /** The same as 32-bit floats do it, up or down the experts. */
  private static float[] denseInFloats(Mixture mixture, boolean up) {
    float[] y = new float[mixture.classes()];
    for (int i = 0; i < mixture.experts(); i++) {
      int e = up ? i : mixture.experts() - 1 - i;
      for (int c = 0; c < y.length; c++) {
        y[c] += mixture.gate()[e] * mixture.answers()[e][c];
      }
    }
    return y;
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  private static int label(float[] y) {
    int best = 0;
    for (int c = 1; c < y.length; c++) {
      best = y[c] > y[best] ? c : best;
    }
    return best;
  }

  private static int label(double[] y) {
    int best = 0;
    for (int c = 1; c < y.length; c++) {
      best = y[c] > y[best] ? c : best;
    }
    return best;
  }

  @Test
  void shouldGiveAMillionMixturesTheLabelThatEveryExpertWould() {
    long seed = new Random().nextLong();
    RandomMixtures mixtures = new RandomMixtures(seed);
    int spared = 0;
    int whole = 0;
    int single = 0;
    for (int i = 0; i < MIXTURES; i++) {
      Mixture mixture = mixtures.next();
      CertifiedRow row = finished(mixture);
      float[] served = answer(row, mixture.classes());
      double[] y = dense(mixture);
      int label = label(served);
      boolean early = row.count() < mixture.experts();
      boolean right =
          early
              ? label == label(y)
                  && label == label(denseInFloats(mixture, true))
                  && label == label(denseInFloats(mixture, false))
              : Arrays.equals(served, floats(y));
      if (!right || !isWithinTheMassLeft(mixture, row, served, y)) {
        throw new AssertionError(
            "seed %d, mixture %d: served %s by %d experts, dense %s, gate %s"
                .formatted(
                    seed,
                    i,
                    Arrays.toString(served),
                    row.count(),
                    Arrays.toString(y),
                    Arrays.toString(mixture.gate())));
      }
      spared += early ? 1 : 0;
      whole += early ? 0 : 1;
      single += row.count() == 1 ? 1 : 0;
    }

    assertThat(spared).as("seed %d: some stop early", seed).isGreaterThan(MIXTURES / 10);
    assertThat(single).as("seed %d: some at the first", seed).isGreaterThan(MIXTURES / 100);
    assertThat(whole).as("seed %d: some run all", seed).isGreaterThan(MIXTURES / 10);
  }

  private static boolean isWithinTheMassLeft(
      Mixture mixture, CertifiedRow row, float[] served, double[] y) {
    double left = 0;
    for (float p : mixture.gate()) {
      left += p;
    }
    for (int i = 0; i < row.count(); i++) {
      left -= mixture.gate()[row.expert(i)];
    }
    for (int c = 0; c < y.length; c++) {
      if (!(Math.abs(served[c] - y[c]) <= left + CertifiedRow.margin(mixture.experts()))) {
        return false;
      }
    }
    return true;
  }

  @Test
  void shouldStopWhenTheOthersTogetherCannotTurnTheLabel() {
    float[] gate = {.25f, .625f, .125f};

    CertifiedRow row = finished(gate, new float[] {0, 1}, new float[] {1, 0}, new float[] {0, 1});

    assertThat(ran(row)).as("0.625 is more than the 0.375 left").containsExactly(1);
    assertThat(answer(row, 2)).containsExactly(1, 0);
    assertThat(row.weight(0)).isEqualTo(1);
  }

  @Test
  void shouldDivideByTheMassThatRan() {
    float[] gate = {.125f, .25f, .625f};

    CertifiedRow row =
        finished(gate, new float[] {0, 1}, new float[] {.5f, .5f}, new float[] {.75f, .25f});

    assertThat(ran(row)).as("a gap of 0.3125, then 0.125 left").containsExactly(2, 1);
    assertThat(answer(row, 2)).containsExactly((float) (.59375 / .875), (float) (.28125 / .875));
    assertThat(row.weight(0)).isEqualTo((float) (.625 / .875));
    assertThat(row.weight(1)).isEqualTo((float) (.25 / .875));
  }

  @Test
  void shouldRunAllWhereTheGapIsNoMoreThanTheMassLeft() {
    CertifiedRow row = finished(new float[] {.5f, .5f}, new float[] {0, 1}, new float[] {1, 0});

    assertThat(ran(row)).containsExactly(0, 1);
    assertThat(answer(row, 2)).as("a tie, as for the dense model").containsExactly(.5f, .5f);
    assertThat(row.weight(0)).isEqualTo(.5f);
  }

  @Test
  void shouldRunTheLowerIndexFirstAmongEquals() {
    float[] half = {.5f, .5f};

    CertifiedRow row =
        finished(new float[] {.125f, .25f, .125f, .25f, .25f}, half, half, half, half, half);

    assertThat(ran(row)).containsExactly(1, 3, 4, 0, 2);
  }

  @Test
  void shouldNotLeaveOutWhatIsNoNumber() {
    float[] sure = {1, 0};
    float[] nan = {Float.NaN, 0};
    float[] other = {0, Float.NaN};

    assertThat(finished(new float[] {.75f, .25f}, sure, nan).count()).isEqualTo(1);
    for (float[] sick : new float[][] {nan, other}) {
      CertifiedRow row = finished(new float[] {.75f, .25f}, sick, sure);
      assertThat(row.count()).isEqualTo(2);
      assertThat(answer(row, 2)).contains(Float.NaN);
    }
    CertifiedRow row = finished(new float[] {Float.NaN, Float.NaN}, sure, sure);
    assertThat(row.count()).isEqualTo(2);
    assertThat(answer(row, 2)).containsOnly(Float.NaN);
  }

  @Test
  void shouldAnswerWithItsOnlyExpert() {
    CertifiedRow row = finished(new float[] {1}, new float[] {.25f, .75f});

    assertThat(ran(row)).containsExactly(0);
    assertThat(answer(row, 2)).containsExactly(.25f, .75f);
  }
}
