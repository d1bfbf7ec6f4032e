package dev.gatehouse.proto.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** The colours of reports, pictures and the server's page, light and dark. */
public final class Palette {
  private Palette() {}

  /** The colours as CSS variables, each {@code light-dark(...)}. */
  public static String css() {
    try (InputStream in = Palette.class.getResourceAsStream("palette.css")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
