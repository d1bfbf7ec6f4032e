package dev.gatehouse.proto.page;

/** The colours of reports, pictures and the server's page, light and dark. */
public final class Palette {
  private Palette() {}

  /** The colours as CSS variables, each {@code light-dark(...)}. */
  public static String css() {
    return Sheets.read(Palette.class, "palette");
  }
}
