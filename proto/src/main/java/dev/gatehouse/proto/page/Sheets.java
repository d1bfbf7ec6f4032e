package dev.gatehouse.proto.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Style sheets that lie beside the classes that use them. */
public final class Sheets {
  /** What every page looks like, which lets its reader choose between light and dark. */
  static final String PAGE = Palette.css() + read(Sheets.class, "page");

  private Sheets() {}

  /** The sheet {@code NAME.css} in the package of {@code beside}. */
  public static String read(Class<?> beside, String name) {
    try (InputStream in = beside.getResourceAsStream(name + ".css")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
