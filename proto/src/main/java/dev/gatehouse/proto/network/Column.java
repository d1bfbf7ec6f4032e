package dev.gatehouse.proto.network;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.gatehouse.proto.BadInput;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * One feature of a row of a table: what a client sends for it, and what the network sees of it. In
 * JSON a number is told from a category by its keys.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.DEDUCTION)
@JsonSubTypes({@JsonSubTypes.Type(Column.Numeric.class), @JsonSubTypes.Type(Column.Category.class)})
public sealed interface Column {
  /** The column's name, as a table's header has it. */
  String name();

  /** Elements that the network sees. */
  int width();

  /**
   * What a client sends for the text of a table's cell.
   *
   * @throws BadInput when the text is no such value; the message says what would be
   */
  float value(String cell);

  /**
   * A number: x = (raw - mean) / std.
   *
   * @param name the column's name
   * @param mean of the training rows
   * @param std of the training rows, above 0
   */
  record Numeric(String name, double mean, double std) implements Column {
    /** Java's own parser would also take {@code 1d}, {@code 0x1p3} and {@code NaN}. */
    private static final Pattern NUMBER =
        Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");

    /** Checks the numbers. */
    public Numeric {
      if (!Double.isFinite(mean) || !(std > 0)) {
        throw new BadInput(
            "column '%s' needs a finite mean and a std above 0; mean=%s, std=%s"
                .formatted(name, mean, std));
      }
    }

    @Override
    public int width() {
      return 1;
    }

    /** True for text that a client can send as such a value: a finite number, in 32 bits. */
    public static boolean isNumber(String cell) {
      return NUMBER.matcher(cell).matches() && Float.isFinite(Float.parseFloat(cell));
    }

    @Override
    public float value(String cell) {
      if (!isNumber(cell)) {
        throw new BadInput("column '%s' takes a finite number; got '%s'".formatted(name, cell));
      }
      return Float.parseFloat(cell);
    }
  }

  /**
   * One of several names; a client sends its index, the network sees a 1 there and 0 elsewhere.
   *
   * @param name the column's name
   * @param values the names, all different, in the order of their indices
   */
  record Category(String name, List<String> values) implements Column {
    private static final int MOST_NAMED = 12;

    /** Checks the names. */
    public Category {
      values = List.copyOf(values);
      if (values.isEmpty() || Set.copyOf(values).size() != values.size()) {
        throw new BadInput(
            "column '%s' needs values of different names; values=%s".formatted(name, values));
      }
    }

    @Override
    public int width() {
      return values.size();
    }

    @Override
    public float value(String cell) {
      int index = values.indexOf(cell);
      if (index < 0) {
        throw new BadInput(
            "column '%s' has no value '%s'; it has %s".formatted(name, cell, someValues()));
      }
      return index;
    }

    private String someValues() {
      int more = values.size() - MOST_NAMED;
      return more <= 0
          ? String.join(", ", values)
          : String.join(", ", values.subList(0, MOST_NAMED)) + " and " + more + " more";
    }
  }
}
