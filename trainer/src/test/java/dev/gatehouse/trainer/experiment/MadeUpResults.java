package dev.gatehouse.trainer.experiment;

import dev.gatehouse.proto.file.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Results that no training gave, for tables and pictures of a size that people read. */
public final class MadeUpResults {
  /** Twelve rows that have runs, one whose gate collapses, one that diverges and one not run. */
  public static final String ROWS =
      """
      rows:
        - {name: single, method: single, paper: {accuracy: 96.2}}
        - {name: original, method: original, paper: {accuracy: 96.5, information: 1.7, sample_entropy: 0.06, usage_entropy: 1.95}}
        - {name: attentive, method: attentive, paper: {accuracy: 96.9, information: 1.9, sample_entropy: 0.05, usage_entropy: 2.1}}
        - {name: stochastic, method: stochastic, paper: {accuracy: 95.5}}
        - {name: top-1, method: top-1}
        - {name: top-2, method: top-2, paper: {accuracy: 97.0, sample_entropy: 0.3}}
        - {name: attentive-top-2, title: attentive top-2, method: attentive-top-2}
        - name: original-similarity
          title: original + L_s, beta_s 1e-6, beta_d 1e-2, the authors' scaling
          method: original
          settings: {training.regularizers.beta_same: 1e-6, training.regularizers.beta_different: 1e-2}
        - name: original-importance
          title: original + importance
          method: original
          grid: {training.regularizers.importance: [0.2, 0.6]}
        - name: attentive-importance
          title: attentive + importance
          method: attentive
          grid: {training.regularizers.importance: [0.4]}
        - {name: collapsed, method: top-1, settings: {training.regularizers.z_loss: 0.1}}
        - {name: diverged, method: top-1, settings: {training.optimizer.learning_rate: 1e9}}
        - {name: waiting, title: not <run> yet & so, method: noisy-top-2, paper: {accuracy: 96.0}}
        - {name: distilled, title: attentive distilled, teacher: attentive}
        - {name: no-gate, title: no gate, method: no-gate-entropy}
      """;

  private static final int EPOCHS = 20;
  private static final int CLASSES = 10;
  private static final int TEST = 10_000;

  private MadeUpResults() {}

  /** Writes a plan of three seeds with results of all rows but {@code waiting}. */
  public static Path write(Path folder, String rows) throws IOException {
    Path file = folder.resolve("made-up.yaml");
    Files.writeString(file, "about: MNIST, five experts\nseeds: [1, 2, 3]\n" + rows);
    Plan plan = Plan.read(file);
    Path out = Files.createDirectories(folder.resolve("made-up"));
    List<CellResult> results = new ArrayList<>();
    for (Cell cell : plan.cells()) {
      if (!cell.row().name().equals("waiting")) {
        results.add(result(cell));
      }
    }
    Files.writeString(
        out.resolve("cells.jsonl"),
        results.stream().map(line -> Json.line(line) + "\n").collect(Collectors.joining()));
    return file;
  }

  /** The table of a plan that {@link #write} wrote. */
  public static ResultTable table(Path file) throws IOException {
    return new Experiment(file, file.resolveSibling("made-up"), null, 1, new Recorded()).table();
  }

  private static CellResult result(Cell cell) {
    if (cell.row().name().equals("diverged")) {
      return CellResult.failed(cell, "the loss became NaN in epoch 1");
    }
    Random random = new Random(cell.row().name().hashCode() * 31L + cell.seed());
    Random method = new Random(cell.row().name().hashCode());
    boolean single = cell.row().name().equals("single");
    boolean collapsed = cell.row().name().equals("collapsed");
    double last = 0.03 + 0.15 * method.nextDouble();
    double error =
        (collapsed ? 0.75 : 0.028 + 0.012 * method.nextDouble()) + 0.003 * random.nextDouble();
    double sample = single ? 0 : last * (0.9 + 0.2 * random.nextDouble());
    double usage = single ? 0 : collapsed ? 0.1 : 1.9 + 0.4 * random.nextDouble();
    return new CellResult(
        cell.row().name(),
        cell.point().values(),
        cell.seed(),
        cell.fingerprint(),
        null,
        null,
        new CellResult.Figures(
            "0123456789abcdef",
            EPOCHS,
            30,
            Map.of(),
            split(error / 2, sample, usage),
            split(error, sample, usage),
            split(error + 0.002 * random.nextDouble(), sample, usage),
            counts(single ? 1 : 5, collapsed, random),
            curve(error, random),
            single ? zeros() : curve(sample, random)));
  }

  private static SplitFigures split(double error, double sample, double usage) {
    return new SplitFigures(
        TEST,
        error,
        error,
        error,
        null,
        0.01,
        sample,
        usage,
        0,
        usage,
        usage,
        usage * 0.9,
        2,
        0.2,
        0.3,
        0.01);
  }

  private static List<List<Long>> counts(int experts, boolean collapsed, Random random) {
    long[][] counts = new long[experts][CLASSES];
    for (int c = 0; c < CLASSES; c++) {
      int leader = collapsed ? 0 : random.nextInt(experts);
      int second = random.nextInt(experts);
      long shared = collapsed ? 0 : random.nextInt(200);
      counts[leader][c] += TEST / CLASSES - shared;
      counts[second][c] += shared;
    }
    return java.util.Arrays.stream(counts)
        .map(row -> java.util.Arrays.stream(row).boxed().toList())
        .toList();
  }

  private static List<Double> curve(double last, Random random) {
    return IntStream.range(0, EPOCHS)
        .mapToObj(i -> (last + Math.exp(-i / 3.0)) * (0.95 + 0.1 * random.nextDouble()))
        .toList();
  }

  private static List<Double> zeros() {
    return IntStream.range(0, EPOCHS).mapToObj(i -> 0.0).toList();
  }
}
