package dev.gatehouse.trainer.example;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;

/**
 * Points around the origin in six sectors of two classes by turns. No straight line tells the
 * classes apart; three, each for the points on its side, do.
 */
final class Sectors {
  private static final int ROWS = 3000;

  private Sectors() {}

  /** Writes them as a table. */
  static Path write(Path file) throws IOException {
    Random random = new Random(5);
    StringBuilder text = new StringBuilder("x,y,kind\n");
    for (int i = 0; i < ROWS; i++) {
      int sector = random.nextInt(6);
      double angle = Math.toRadians(60 * sector + 5 + 50 * random.nextDouble());
      double radius = 1 + random.nextDouble();
      text.append(
          String.format(
              Locale.ROOT,
              "%.6f,%.6f,%s%n",
              radius * Math.cos(angle),
              radius * Math.sin(angle),
              sector % 2 == 0 ? "even" : "odd"));
    }
    return Files.writeString(file, text);
  }
}
