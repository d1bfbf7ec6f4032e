package dev.gatehouse.proto.file;

import dev.gatehouse.proto.bundle.Manifest;
import java.nio.file.Path;
import java.util.Locale;

/** Reads a manifest and prints it as it would be written, and after it the language. */
final class TurkishJson {
  private TurkishJson() {}

  /** Takes the manifest's path. */
  public static void main(String[] arguments) {
    System.out.print(Json.text(Json.read(Path.of(arguments[0]), Manifest.class)));
    System.out.print(Locale.getDefault().getLanguage());
  }
}
