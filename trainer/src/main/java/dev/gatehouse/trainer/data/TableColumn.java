package dev.gatehouse.trainer.data;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.network.Column;
import dev.gatehouse.trainer.config.DataRef.ColumnKind;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is learnt of a column from its cells, one after the other: a number where every cell is one,
 * else a category.
 */
final class TableColumn {
  private static final int MOST_VALUES = 1_000;

  /** How people write that a cell is missing, in lower case. */
  private static final Set<String> MISSING = Set.of("", "?", "na", "n/a", "nan", "null", "none");

  private final String file;
  private final String name;
  private final @Nullable ColumnKind asked;
  private final Set<String> values = new TreeSet<>();
  private int count;
  private long wordLine;
  private String word = "";

  /**
   * A column before its first cell.
   *
   * @param file names the file in messages
   * @param asked what the user says it is; null to find out
   */
  TableColumn(String file, String name, @Nullable ColumnKind asked) {
    this.file = file;
    this.name = name;
    this.asked = asked;
  }

  String name() {
    return name;
  }

  /** Cells met so far. */
  int count() {
    return count;
  }

  /**
   * Takes a cell into account.
   *
   * @throws BadInput when the cell is missing, or no number where the user says it is one
   */
  void meet(long line, String cell) {
    count++;
    if (asked == ColumnKind.IGNORE) {
      return;
    }
    boolean missing =
        asked == ColumnKind.CATEGORY
            ? cell.isEmpty()
            : MISSING.contains(cell.toLowerCase(Locale.ROOT));
    if (missing) {
      throw new BadInput(
          "%s: line %d, column '%s': the cell is missing ('%s'); fill it in or leave the row out"
              .formatted(file, line, name, cell));
    }
    if (asked != ColumnKind.CATEGORY && wordLine == 0 && !Column.Numeric.isNumber(cell)) {
      wordLine = line;
      word = cell;
      if (asked == ColumnKind.NUMBER) {
        throw new BadInput(
            "%s: line %d, column '%s': '%s' is no finite number".formatted(file, line, name, cell));
      }
    }
    if (values.size() <= MOST_VALUES) {
      values.add(cell);
    }
  }

  ColumnKind kind() {
    if (asked != null) {
      return asked;
    }
    return wordLine == 0 ? ColumnKind.NUMBER : ColumnKind.CATEGORY;
  }

  /**
   * The different cells as names of classes.
   *
   * @throws BadInput when there are too many
   */
  List<String> classes() {
    if (values.size() > MOST_VALUES) {
      throw new BadInput(
          "%s: the label '%s' has more than %d different cells, too many for classes; name another"
                  .formatted(file, name, MOST_VALUES)
              + " column with --label");
    }
    return ordered();
  }

  /**
   * The different cells as values of a category.
   *
   * @throws BadInput when there are too many
   */
  List<String> values() {
    if (values.size() > MOST_VALUES) {
      String because =
          wordLine == 0
              ? ""
              : " (it is no number because line %d holds '%s')".formatted(wordLine, word);
      throw new BadInput(
          "%s: column '%s' has more than %d different cells, too many for a category%s; leave it out"
                  .formatted(file, name, MOST_VALUES, because)
              + " with --column %s=ignore".formatted(name));
    }
    return ordered();
  }

  /** Whole numbers by their size, words by their letters. */
  private List<String> ordered() {
    boolean whole = values.stream().allMatch(value -> value.matches("-?\\d{1,18}"));
    return whole
        ? values.stream().sorted(Comparator.comparingLong(Long::parseLong)).toList()
        : List.copyOf(values);
  }
}
