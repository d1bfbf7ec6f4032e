package dev.gatehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Commands in documents with what they print, in blocks of {@code console}. */
final class ConsoleBlocks {
  private static final Pattern BLOCK = Pattern.compile("```(\\w+)\\n(.*?)```", Pattern.DOTALL);
  private static final Pattern NUMBER =
      Pattern.compile("[0-9]+(\\.[0-9]+)?([eE][-+]?[0-9]+)?|(?<= ) +");

  private ConsoleBlocks() {}

  /** A command, and the lines below it; {@code ...} stands for any. */
  record Step(String command, List<String> output) {
    /** Checks that every line that is shown was printed, but for its numbers. */
    void requirePrinted(String printed) {
      List<String> shown =
          output.stream().filter(l -> !l.equals("...")).map(ConsoleBlocks::masked).toList();
      assertThat(printed.lines().map(ConsoleBlocks::masked).toList())
          .as(command)
          .containsAll(shown);
    }
  }

  /** The commands below a heading, up to the next of its kind. */
  static List<Step> steps(String markdown, String heading) {
    List<Step> steps = new ArrayList<>();
    String part = markdown.substring(markdown.indexOf(heading));
    part = part.substring(0, part.indexOf("\n## ", 1));
    for (String block : blocks(part, "console")) {
      for (String entry : block.split("(?m)^\\$ ", -1)) {
        if (!entry.isBlank()) {
          List<String> lines = entry.lines().toList();
          steps.add(new Step(lines.get(0), lines.subList(1, lines.size())));
        }
      }
    }
    return steps;
  }

  /** The blocks of a language. */
  static List<String> blocks(String markdown, String language) {
    return BLOCK
        .matcher(markdown)
        .results()
        .filter(block -> block.group(1).equals(language))
        .map(block -> block.group(2))
        .toList();
  }

  /** A line whose numbers do not matter: they are another machine's. */
  private static String masked(String line) {
    return NUMBER.matcher(line).replaceAll(ConsoleBlocks::mask).strip();
  }

  private static String mask(MatchResult match) {
    return match.group().isBlank() ? "" : "#";
  }
}
