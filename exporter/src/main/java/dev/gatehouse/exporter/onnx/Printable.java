package dev.gatehouse.exporter.onnx;

import java.util.regex.Pattern;

/** Names come from files: none may end a line, or tell a terminal what to do. */
public final class Printable {
  private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\\p{Cf}\\u2028\\u2029]");

  private Printable() {}

  /** The text on one line, with a question mark for each character that is none. */
  public static String of(String text) {
    return CONTROL.matcher(text).replaceAll("?");
  }
}
