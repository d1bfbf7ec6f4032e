package dev.gatehouse.trainer.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** An experiment on a table of 120 flowers that never grew, small enough for a second a cell. */
final class TinyExperiment {
  static final String ROWS =
      """
      rows:
        - {name: single, method: single, settings: {experts: 1}, paper: {accuracy: 90}}
        - {name: original, method: original, grid: {training.regularizers.importance: [0.1, 0.5]}}
        - name: distilled
          teacher: original
          at: {training.regularizers.importance: 0.5}
          settings: {training.distillation.match: 0}
      """;

  private TinyExperiment() {}

  /** Writes data and plan; {@code rows} is the plan's part that differs. */
  static Path write(Path folder, String seeds, int epochs, String rows) throws IOException {
    Path table = folder.resolve("flowers.csv");
    Files.writeString(table, table());
    Path plan = folder.resolve("flowers.yaml");
    Files.writeString(
        plan,
        """
        about: flowers
        seeds: [%s]
        training: {dataset: %s, reading.label: kind, experts: 3, training.epochs: %d, training.batch: 16}
        distillation: {training.epochs: 2, training.batch: 16}
        """
                .formatted(seeds, table, epochs)
            + rows);
    return plan;
  }

  private static String table() {
    Random random = new Random(7);
    StringBuilder text = new StringBuilder("length,width,kind\n");
    for (int i = 0; i < 120; i++) {
      int kind = i % 3;
      text.append(kind + random.nextGaussian() / 4)
          .append(',')
          .append(-kind + random.nextGaussian() / 4)
          .append(",kind ")
          .append(kind)
          .append('\n');
    }
    return text.toString();
  }
}
