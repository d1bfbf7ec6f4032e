package dev.gatehouse.proto.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.proto.BadInput;
import java.io.ByteArrayInputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CsvTest {
  private static Csv csv(String text) {
    return csv(text, StandardCharsets.UTF_8);
  }

  private static Csv csv(String text, Charset charset) {
    return Csv.open("t.csv", new ByteArrayInputStream(text.getBytes(charset)));
  }

  private static List<Csv.Row> rows(String text) {
    List<Csv.Row> rows = new ArrayList<>();
    try (Csv csv = csv(text)) {
      csv.forEachRemaining(rows::add);
    }
    return rows;
  }

  private static void refused(String text, String message) {
    assertThatThrownBy(() -> rows(text))
        .isInstanceOf(BadInput.class)
        .hasMessageStartingWith("t.csv: ")
        .hasMessageContaining(message)
        .hasMessageNotContaining("\n");
  }

  @Test
  void shouldReadQuotedCellsAndTellTheLineOfEachRow() {
    List<Csv.Row> rows = rows("a,b\r\n1,\"x, \"\"y\"\"\"\r\n\r\n2,\"two\nlines\"\r\n3, z \r\n4,");

    assertThat(rows)
        .containsExactly(
            new Csv.Row(2, List.of("1", "x, \"y\"")),
            new Csv.Row(4, List.of("2", "two\nlines")),
            new Csv.Row(6, List.of("3", "z")),
            new Csv.Row(7, List.of("4", "")));
  }

  @Test
  void shouldReadTheHeaderPastAByteOrderMark() {
    assertThat(csv("\ufeffcolour, age \n").header()).containsExactly("colour", "age");
  }

  @Test
  void shouldRefuseARowOfAnotherLength() {
    refused("a,b\n1,2\n3\n", "line 3 has 1 cells where the first line has 2");
    refused("a,b\n1,2,3\n", "line 2 has 3 cells where the first line has 2");
  }

  @Test
  void shouldRefuseAHeaderThatNamesNoColumnOrOneTwice() {
    refused("", "is empty; its first line must name the columns");
    refused("a,,c\n", "column 2 has no name in the first line");
    refused("a,b,a\n", "the first line names the column 'a' twice");
  }

  @Test
  void shouldRefuseQuotesThatDoNotEnd() {
    refused("a,b\n1,\"x\n", "cannot be read: ");
    refused("a,b\n1,\"x\"y\n", "cannot be read: ");
  }

  @Test
  void shouldRefuseWhatIsNoUtf8AndWhatIsNotThere() {
    assertThatThrownBy(() -> csv("größe,b\n1,2\n", StandardCharsets.ISO_8859_1))
        .isInstanceOf(BadInput.class)
        .hasMessage("t.csv: cannot be read: is not UTF-8");
    assertThatThrownBy(() -> Csv.open(Path.of("no/such.csv")))
        .isInstanceOf(BadInput.class)
        .hasMessage("no/such.csv: no such file");
  }
}
