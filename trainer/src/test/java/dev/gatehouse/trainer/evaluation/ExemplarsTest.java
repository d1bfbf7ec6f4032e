package dev.gatehouse.trainer.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.proto.file.Safetensors.Tensor;
import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.trainer.data.LabelledRows;
import dev.gatehouse.trainer.report.Example;
import dev.gatehouse.trainer.report.Example.Remedy;
import dev.gatehouse.trainer.report.Examples;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class ExemplarsTest {
  private static final RoutingRule TOP_1 = new RoutingRule.TopK(1);

  /**
   * Four rows, two experts, two classes.
   *
   * <pre>
   * row  label  p          o_0         o_1         asked  served
   * 0    0      .9, .1     .9, .1      .2, .8      0      right, sure to .9
   * 1    0      .4, .6     .8, .2      .4, .6      1      wrong, expert 0 knew (.8)
   * 2    1      .55, .45   .7, .3      .1, .9      0      wrong, expert 1 knew (.9)
   * 3    1      .3, .7     .9, .1      .45, .55    1      right, sure to .55
   * </pre>
   */
  private static final Predictions FOUR =
      new Predictions(
          2,
          2,
          new int[] {0, 0, 1, 1},
          new float[] {.9f, .1f, .4f, .6f, .55f, .45f, .3f, .7f},
          new float[] {
            .9f, .1f, .2f, .8f, .8f, .2f, .4f, .6f, .7f, .3f, .1f, .9f, .9f, .1f, .45f, .55f
          });

  private static final LabelledRows ROWS =
      new LabelledRows(Tensor.of(new byte[] {10, 20, 30, 40}, 4, 1), FOUR.labels());

  private static List<Integer> rows(List<Example> examples) {
    return examples.stream().map(Example::row).toList();
  }

  @Test
  void shouldListMisroutedRowsByWhatTheOtherExpertKnew() {
    Examples examples = Exemplars.of(FOUR, TOP_1, ROWS);

    assertThat(rows(examples.misrouted())).containsExactly(2, 1);
    Remedy remedy = examples.misrouted().get(0).remedy();
    // As the float that it comes from.
    assertThat(remedy).isEqualTo(new Remedy(1, .9f));
  }

  @Test
  void shouldListTheLeastDecidedAndTheLeastSureFirst() {
    Examples examples = Exemplars.of(FOUR, TOP_1, ROWS);

    // Entropies: .469, .971, .993, .881. Served: .9, .6, .7, .55.
    assertThat(rows(examples.undecided())).containsExactly(2, 1, 3, 0);
    assertThat(rows(examples.unsure())).containsExactly(3, 1, 2, 0);
  }

  @Test
  void shouldTellWhatTheMixtureSaid() {
    Example first = Exemplars.of(FOUR, TOP_1, ROWS).unsure().get(0);

    assertThat(first.values()).containsExactly(40);
    assertThat(first.label()).isEqualTo(1);
    assertThat(first.right()).isTrue();
    assertThat(first.expert()).isEqualTo(1);
    assertThat(first.gateProbability()).isCloseTo(0.7, Offset.offset(1e-6));
    assertThat(first.probability()).isCloseTo(0.55, Offset.offset(1e-6));
    assertThat(first.remedy()).isNull();
  }

  @Test
  void shouldShowEachExpertsOwnRowsByClass() {
    assertThat(Exemplars.of(FOUR, TOP_1, ROWS).byExpert())
        .extracting(ExemplarsTest::rows)
        .containsExactly(List.of(0, 2), List.of(1, 3));
  }

  @Test
  void shouldGiveEachClassItsShareOfAnExpertsRows() {
    int rows = 240;
    int[] labels = new int[rows];
    float[] outputs = new float[2 * rows];
    for (int i = 0; i < rows; i++) {
      labels[i] = i % 4 == 0 ? 0 : 1;
      outputs[2 * i + labels[i]] = 1;
    }
    float[] gate = new float[rows];
    Arrays.fill(gate, 1);
    LabelledRows split = new LabelledRows(Tensor.of(new byte[rows], rows, 1), labels);

    List<Example> shown =
        Exemplars.of(new Predictions(1, 2, labels, gate, outputs), new RoutingRule.Dense(), split)
            .byExpert()
            .get(0);

    assertThat(shown).hasSize(12);
    assertThat(shown.stream().filter(e -> e.label() == 1)).hasSize(9);
  }
}
