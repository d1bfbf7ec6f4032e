package dev.gatehouse.trainer.report;

import dev.gatehouse.proto.page.Palette;
import dev.gatehouse.proto.page.Sheets;
import java.util.regex.Pattern;

/** The style sheets: one palette and one way to draw, in pages and in pictures of their own. */
final class Style {
  private static final Pattern EITHER = Pattern.compile("light-dark\\((#\\w+), (#\\w+)\\)");

  /** Of a page of ours, beside what every page has. */
  static final String PAGE = sheet("drawing") + sheet("report");

  /** The last line of a page of ours. */
  static final String FOOTER = "Made by Gatehouse. docs/report.md explains every picture.";

  /**
   * Of a picture that stands alone. It follows the reader's preference by a media query, which
   * older browsers know too.
   */
  static final String PICTURE =
      palette("$1")
          + "@media (prefers-color-scheme: dark) {\n"
          + palette("$2")
          + "}\n"
          + PlainColours.ofPalette().before(sheet("drawing") + sheet("picture"));

  private Style() {}

  private static String palette(String which) {
    return EITHER.matcher(Palette.css()).replaceAll(which);
  }

  private static String sheet(String name) {
    return Sheets.read(Style.class, name);
  }
}
