package dev.gatehouse.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.network.Column;
import dev.gatehouse.proto.network.Shape;
import dev.gatehouse.trainer.config.DataRef;
import dev.gatehouse.trainer.config.DataRef.ColumnKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** CSV files that are right, and every way in which they can be wrong. */
class TableFileTest {
  private static final int ROWS = 100;
  private static final String HEADER = "age,colour,zip,kind\n";
  private static final List<String> COLOURS = List.of("red", "\"sea, blue\"", "green");

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("beasts.csv");
  }

  /** Row i: age i, a colour by i modulo 3, a zip by i modulo 4, the kind by i modulo 2. */
  private static String row(int i) {
    return i
        + ".5,"
        + COLOURS.get(i % 3)
        + ","
        + (100 + i % 4)
        + ","
        + (i % 2 == 0 ? "cat" : "dog");
  }

  private static String rows() {
    return IntStream.range(0, ROWS)
        .mapToObj(TableFileTest::row)
        .collect(Collectors.joining("\n", HEADER, "\n"));
  }

  private DataSet load(String text) throws IOException {
    return load(text, null, Map.of());
  }

  private DataSet load(String text, @Nullable String label, Map<String, ColumnKind> columns)
      throws IOException {
    Files.writeString(file, text);
    return DataSets.load(new DataRef.Table(file, label, columns, 1));
  }

  @Test
  void shouldTellNumbersFromCategoriesAndClasses() throws IOException {
    DataSet data = load(rows());

    assertThat(data.name()).isEqualTo("beasts");
    assertThat(data.classes()).containsExactly("cat", "dog");
    assertThat(data.input().shape()).isEqualTo(Shape.of(3));
    assertThat(data.input().networkShape()).isEqualTo(Shape.of(5));
    assertThat(data.input().columns())
        .extracting(Column::name)
        .containsExactly("age", "colour", "zip");
    assertThat(data.input().columns().get(1))
        .isEqualTo(new Column.Category("colour", List.of("green", "red", "sea, blue")));
    assertThat(data.input().columns().get(2)).isInstanceOf(Column.Numeric.class);
  }

  @Test
  void shouldKeepRowsAsAClientSendsThem() throws IOException {
    DataSet data = load(rows());

    int seen = 0;
    for (LabelledRows split : List.of(data.train(), data.validation(), data.test())) {
      float[] values = split.rows().floats();
      for (int row = 0; row < split.size(); row++, seen++) {
        int i = (int) values[3 * row];
        // "red" is index 1 in the order of letters, "sea, blue" 2, "green" 0.
        assertThat(values[3 * row]).isEqualTo(i + 0.5f);
        assertThat(values[3 * row + 1]).isEqualTo((i % 3 + 1) % 3);
        assertThat(values[3 * row + 2]).isEqualTo(100 + i % 4);
        assertThat(split.labels()[row]).isEqualTo(i % 2);
      }
    }
    assertThat(seen).isEqualTo(ROWS);
    assertThat(data.train().size()).isBetween(65, 95);
  }

  @Test
  void shouldStandardiseByTheTrainingRowsAlone() throws IOException {
    DataSet data = load(rows());

    float[] values = data.train().rows().floats();
    double mean = IntStream.range(0, data.train().size()).mapToDouble(r -> values[3 * r]).sum();
    mean /= data.train().size();
    double squares = 0;
    for (int row = 0; row < data.train().size(); row++) {
      squares += (values[3 * row] - mean) * (values[3 * row] - mean);
    }
    Column.Numeric age = (Column.Numeric) data.input().columns().get(0);
    assertThat(age.mean()).isCloseTo(mean, within(1e-9));
    assertThat(age.std()).isCloseTo(Math.sqrt(squares / data.train().size()), within(1e-9));
  }

  @Test
  void shouldTakeTheUsersWordForLabelAndColumns() throws IOException {
    DataSet data =
        load(
            rows(),
            "colour",
            new TreeMap<>(Map.of("zip", ColumnKind.CATEGORY, "age", ColumnKind.IGNORE)));

    assertThat(data.classes()).containsExactly("green", "red", "sea, blue");
    assertThat(data.input().columns())
        .containsExactly(
            new Column.Category("zip", List.of("100", "101", "102", "103")),
            new Column.Category("kind", List.of("cat", "dog")));
  }

  @Test
  void shouldOrderClassesThatAreWholeNumbersBySize() throws IOException {
    String text =
        IntStream.range(0, 200)
            .mapToObj(i -> i + "," + i % 12)
            .collect(Collectors.joining("\n", "a,digit\n", ""));

    assertThat(load(text).classes()).startsWith("0", "1", "2", "3").endsWith("10", "11");
  }

  @Test
  void shouldLeaveEveryRowInItsSplitWhenOthersComeAndKeepEqualRowsTogether() throws IOException {
    DataSet before = load(rows());
    String more =
        IntStream.range(ROWS, 2 * ROWS)
            .mapToObj(TableFileTest::row)
            .collect(Collectors.joining("\n", HEADER, "\n"));
    DataSet after = load(more + rows().substring(HEADER.length()).repeat(2));

    // Every row of before is there twice and on the same side.
    assertThat(ages(after.test()))
        .containsAll(ages(before.test()))
        .doesNotContainAnyElementsOf(ages(before.train()));
    assertThat(after.test().size())
        .isEqualTo(
            2 * before.test().size()
                + (int) ages(after.test()).stream().filter(age -> age >= ROWS).count());
  }

  private static List<Integer> ages(LabelledRows rows) {
    float[] values = rows.rows().floats();
    return IntStream.range(0, rows.size()).mapToObj(row -> (int) values[3 * row]).toList();
  }

  @Test
  void shouldGiveAColumnThatNeverVariesAStdOf1() throws IOException {
    String text =
        IntStream.range(0, 60)
            .mapToObj(i -> "7," + i + "," + i % 2)
            .collect(Collectors.joining("\n", "same,a,y\n", ""));

    assertThat(load(text).input().columns().get(0)).isEqualTo(new Column.Numeric("same", 7, 1));
  }

  @Test
  void shouldRefuseAMissingCellWithItsPlace() throws IOException {
    for (String missing : List.of("", "NA", "?", "NaN", "null")) {
      refused(
          rows() + missing + ",red,100,cat\n",
          "beasts.csv: line 102, column 'age': the cell is missing ('" + missing + "')",
          "fill it in or leave the row out");
    }
    refused(rows() + "1,red,100,\n", "line 102, column 'kind': the cell is missing");
    // What the user calls a category may hold any word: NA is Namibia.
    assertThat(
            load(rows() + "1,NA,100,cat\n", null, Map.of("colour", ColumnKind.CATEGORY)).classes())
        .hasSize(2);
  }

  @Test
  void shouldRefuseAWordInAColumnOfNumbers() {
    assertThatExceptionOfType(BadInput.class)
        .isThrownBy(
            () -> load(rows() + "old,red,100,cat\n", null, Map.of("age", ColumnKind.NUMBER)))
        .withMessage(file + ": line 102, column 'age': 'old' is no finite number");
  }

  @Test
  void shouldRefuseACategoryOfTooManyValuesAndSayWhyItIsOne() {
    String many =
        IntStream.range(0, 1_500)
            .mapToObj(i -> (i == 700 ? "7OO" : i) + "," + i % 2)
            .collect(Collectors.joining("\n", "id,y\n", ""));

    refused(
        many,
        "column 'id' has more than 1000 different cells, too many for a category (it is no number"
            + " because line 702 holds '7OO'); leave it out with --column id=ignore");
    String labels =
        IntStream.range(0, 1_500)
            .mapToObj(i -> i + "," + i)
            .collect(Collectors.joining("\n", "id,y\n", ""));
    refused(labels, "the label 'y' has more than 1000 different cells", "--label");
  }

  @Test
  void shouldRefuseColumnsThatAreNotThere() {
    assertThatExceptionOfType(BadInput.class)
        .isThrownBy(() -> load(rows(), "sort", Map.of()))
        .withMessage(file + ": has no column 'sort'; it has age, colour, zip, kind");
    assertThatExceptionOfType(BadInput.class)
        .isThrownBy(() -> load(rows(), null, Map.of("sort", ColumnKind.IGNORE)))
        .withMessage(file + ": has no column 'sort'; it has age, colour, zip, kind");
    assertThatExceptionOfType(BadInput.class)
        .isThrownBy(() -> load(rows(), null, Map.of("kind", ColumnKind.NUMBER)))
        .withMessage(file + ": column 'kind' is the label, and cannot be a feature as well");
  }

  @Test
  void shouldRefuseATableOfNoColumnsOrOneClassOrNoRows() {
    refused("a;b;y\n1;2;c\n", "has no column beside the label 'a;b;y'", "separated by commas?");
    refused("a,y\n1,c\n2,c\n", "holds 1 class; a classifier needs two or more");
    refused("a,y\n", "holds 0 class");
    refused("", "is empty; its first line must name the columns");
  }

  private void refused(String text, String... parts) {
    assertThatExceptionOfType(BadInput.class)
        .isThrownBy(() -> load(text))
        .withMessageStartingWith(file.toString())
        .withMessageContainingAll(parts)
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
  }
}
