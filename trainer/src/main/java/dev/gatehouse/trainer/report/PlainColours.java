package dev.gatehouse.trainer.report;

import static java.util.stream.Collectors.toMap;

import dev.gatehouse.proto.page.Palette;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Colours for programs that draw SVG but know no CSS variables, as those that turn a picture into
 * PDF for a paper (librsvg, Inkscape): before each declaration that asks a variable stands one that
 * says the light colour. Such a program drops the second; a browser lets the second win.
 */
final class PlainColours {
  private static final Pattern LIGHT =
      Pattern.compile("--([\\w-]+): light-dark\\((#\\w+), #\\w+\\);");

  private static final Pattern ASKS =
      Pattern.compile("(?<!-)\\b([a-z][a-z-]*): var\\(--([\\w-]+)\\);");
  private static final Pattern SERIES = Pattern.compile("--c: var\\(--([\\w-]+)\\);");
  private static final Pattern DASHES = Pattern.compile("--d: ([\\d ]+);");

  private final Map<String, String> light;

  private PlainColours(Map<String, String> light) {
    this.light = light;
  }

  /** The light half of the palette. */
  static PlainColours ofPalette() {
    return new PlainColours(
        LIGHT.matcher(Palette.css()).results().collect(toMap(m -> m.group(1), m -> m.group(2))));
  }

  /**
   * A sheet with plain colours before its own.
   *
   * @param sheet declarations of one variable each; a class that sets {@code --c} and {@code --d}
   *     for what bears it sets fill, stroke and dashes too, for rules that ask for these two
   */
  String before(String sheet) {
    String plain = ASKS.matcher(sheet).replaceAll(this::asked);
    plain = SERIES.matcher(plain).replaceAll(this::series);
    return DASHES.matcher(plain).replaceAll("stroke-dasharray: $1; $0");
  }

  private String asked(MatchResult declaration) {
    String literal = light.get(declaration.group(2));
    String own = declaration.group();
    return Matcher.quoteReplacement(
        literal == null ? own : declaration.group(1) + ": " + literal + "; " + own);
  }

  private String series(MatchResult declaration) {
    String literal = light.get(declaration.group(1));
    return Matcher.quoteReplacement(
        "fill: %1$s; stroke: %1$s; %2$s".formatted(literal, declaration.group()));
  }
}
