package dev.gatehouse.trainer.data;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The released files against the figures published for them. */
class RealDataTest {
  @Test
  void shouldReadMnistAsReleased() {
    DataSet data = load("mnist");

    assertSplit(data);
    assertMoments(data, 0.1307, 0.3081);
    // The first labels and the counts a digit of the test set, as everyone's copy has them.
    assertThat(Arrays.copyOf(data.train().labels(), 8)).containsExactly(5, 0, 4, 1, 9, 2, 1, 3);
    assertThat(perClass(data.test()))
        .containsExactly(980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009);
  }

  @Test
  void shouldReadFashionMnistAsReleased() {
    DataSet data = load("fashion-mnist");

    assertSplit(data);
    assertMoments(data, 0.2860, 0.3530);
    assertThat(perClass(data.test())).containsOnly(1000);
    assertThat(data.classes()).startsWith("T-shirt/top").endsWith("Ankle boot");
  }

  @Test
  void shouldReadCifar100AsItIsThere() {
    DataSet data = load("cifar-100");

    int known = data.train().size() + data.validation().size();
    assertThat(data.validation().size()).isEqualTo(known / 5);
    assertThat(data.test().rows().shape()).containsExactly(10_000, 3, 32, 32);
    assertThat(data.classes()).startsWith("apple", "aquarium_fish").endsWith("woman", "worm");
    assertThat(IntStream.of(data.test().labels()).boxed().collect(groupingBy(l -> l, counting())))
        .hasSize(100)
        .allSatisfy((label, rows) -> assertThat(rows).isEqualTo(100));
    // Five classes a family; apples (0) are of the family of mushrooms, oranges, pears, peppers.
    assertThat(data.families().stream().collect(groupingBy(f -> f, counting())).values())
        .hasSize(20)
        .containsOnly(5L);
    List<String> fruit =
        IntStream.range(0, 100)
            .filter(c -> data.families().get(c).equals(data.families().get(0)))
            .mapToObj(c -> data.classes().get(c))
            .toList();
    assertThat(fruit).containsExactly("apple", "mushroom", "orange", "pear", "sweet_pepper");
  }

  private static DataSet load(String name) {
    Path folder = Path.of(System.getProperty("gatehouse.data", "data"), name);
    boolean present = Files.isDirectory(folder);
    if ("true".equals(System.getenv("CI"))) {
      assertThat(present).as("%s must be there on CI", folder).isTrue();
    }
    assumeTrue(present, () -> folder + " is not there: put the released files there to run this");
    return DataSets.load(name, folder);
  }

  private static void assertSplit(DataSet data) {
    assertThat(data.train().rows().shape()).containsExactly(50_000, 1, 28, 28);
    assertThat(data.validation().rows().shape()).containsExactly(10_000, 1, 28, 28);
    assertThat(data.test().rows().shape()).containsExactly(10_000, 1, 28, 28);
  }

  /** Over all 60,000 rows of the training file, in floating point and in two passes. */
  private static void assertMoments(DataSet data, double mean, double std) {
    double sum = 0;
    long count = 0;
    List<LabelledRows> splits = List.of(data.train(), data.validation());
    for (LabelledRows split : splits) {
      for (ByteBuffer pixels = split.rows().data(); pixels.hasRemaining(); count++) {
        sum += (pixels.get() & 0xff) / 255.0;
      }
    }
    double measured = sum / count;
    double squares = 0;
    for (LabelledRows split : splits) {
      for (ByteBuffer pixels = split.rows().data(); pixels.hasRemaining(); ) {
        double off = (pixels.get() & 0xff) / 255.0 - measured;
        squares += off * off;
      }
    }
    assertThat(measured).isCloseTo(mean, within(6e-5));
    assertThat(Math.sqrt(squares / count)).isCloseTo(std, within(6e-5));
  }

  private static int[] perClass(LabelledRows rows) {
    int[] counts = new int[10];
    for (int label : rows.labels()) {
      counts[label]++;
    }
    return counts;
  }
}
