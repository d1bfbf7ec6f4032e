package dev.gatehouse.cli.quickstart;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Which expert took which class, drawn in text: a row an expert, a column a class, darker where
 * more of the class went.
 */
public final class HeatMap {
  private static final String SHADES = " ░▒▓█";
  private static final String RESET = "\u001b[0m";

  private final boolean colour;

  /** A heat map that uses terminal colours, or shades alone. */
  public HeatMap(boolean colour) {
    this.colour = colour;
  }

  /**
   * Draws counts.
   *
   * @param counts [experts][classes]
   * @param classes names of the classes, listed by number below the map
   */
  public List<String> draw(List<List<Long>> counts, List<String> classes) {
    long[] perClass = new long[classes.size()];
    for (List<Long> row : counts) {
      for (int c = 0; c < perClass.length; c++) {
        perClass[c] += row.get(c);
      }
    }
    List<String> lines = new ArrayList<>();
    StringBuilder head = new StringBuilder("expert \\ class ");
    for (int c = 0; c < classes.size(); c++) {
      head.append(String.format(Locale.ROOT, "%4d", c));
    }
    lines.add(head.toString());
    for (int e = 0; e < counts.size(); e++) {
      StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%14d ", e));
      for (int c = 0; c < classes.size(); c++) {
        line.append(' ').append(cell((double) counts.get(e).get(c) / Math.max(1, perClass[c])));
      }
      lines.add(line.toString());
    }
    lines.add(legend(classes));
    return lines;
  }

  private String cell(double share) {
    String shade = String.valueOf(SHADES.charAt((int) Math.ceil(share * 4 - 0.02))).repeat(3);
    if (!colour) {
      return shade;
    }
    // The grey ramp of the 256 colours runs from 232 (dark) to 255 (light).
    return "\u001b[38;5;" + (236 + (int) Math.round(share * 19)) + "m" + shade + RESET;
  }

  private static String legend(List<String> classes) {
    StringBuilder legend = new StringBuilder("classes:");
    for (int c = 0; c < classes.size(); c++) {
      legend.append(' ').append(c).append('=').append(classes.get(c));
    }
    return legend.toString();
  }
}
