package dev.gatehouse.trainer.report;

import dev.gatehouse.proto.page.Palette;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.regex.Pattern;

/** The style sheets: one palette and one way to draw, in pages and in pictures of their own. */
final class Style {
  private static final Pattern EITHER = Pattern.compile("light-dark\\((#\\w+), (#\\w+)\\)");

  /** Of a page, which lets its reader choose between light and dark. */
  static final String PAGE = Palette.css() + sheet("drawing") + sheet("page");

  /**
   * Of a picture that stands alone. It follows the reader's preference by a media query, which
   * older browsers know too.
   */
  static final String PICTURE =
      palette("$1")
          + "@media (prefers-color-scheme: dark) {\n"
          + palette("$2")
          + "}\n"
          + sheet("drawing")
          + sheet("picture");

  private Style() {}

  private static String palette(String which) {
    return EITHER.matcher(Palette.css()).replaceAll(which);
  }

  private static String sheet(String name) {
    try (InputStream in = Style.class.getResourceAsStream(name + ".css")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
