package dev.gatehouse.trainer.cli;

import java.util.ArrayList;
import java.util.List;

/** Lines of text in columns: the first flush left, the others flush right. */
final class TextTable {
  private final List<List<String>> rows = new ArrayList<>();

  /** Adds a row; all have the same number of cells. */
  TextTable add(List<String> row) {
    rows.add(List.copyOf(row));
    return this;
  }

  List<String> lines() {
    int columns = rows.isEmpty() ? 0 : rows.get(0).size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int c = 0; c < columns; c++) {
        widths[c] = Math.max(widths[c], row.get(c).length());
      }
    }
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int c = 0; c < columns; c++) {
        String gap = " ".repeat(widths[c] - row.get(c).length());
        line.append(c == 0 ? row.get(c) + gap : "  " + gap + row.get(c));
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }
}
