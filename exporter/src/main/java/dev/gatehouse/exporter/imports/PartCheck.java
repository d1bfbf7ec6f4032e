package dev.gatehouse.exporter.imports;

import dev.gatehouse.exporter.onnx.ServedGraph;
import dev.gatehouse.exporter.parity.PartModel;
import dev.gatehouse.exporter.parity.RawRows;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.bundle.SelfTest;
import dev.gatehouse.proto.file.Safetensors.Tensor;
import dev.gatehouse.proto.network.InputSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Holds the graph of one part to its file, on its own: in a whole bundle an expert that no row of
 * the self-test chooses would never be looked at, and neither would what a row's answer owes to the
 * other rows of its batch.
 *
 * @param input what clients send
 * @param rows those of the self-test, raw
 * @param folder where graphs may be written
 */
record PartCheck(InputSpec input, Tensor rows, Path folder) {
  /** So many rows are also run alone; an answer that depends on the batch shows in any of them. */
  private static final int ALONE = 8;

  /**
   * Runs a graph over all rows at once, and over some one at a time.
   *
   * @param graph made of the file
   * @param file what the file says of the rows
   * @param output name of the graph's output
   * @throws BadInput when it says something else than the file
   * @throws IllegalStateException when it cannot be run over that many rows
   */
  void require(ServedGraph graph, Answers file, String output) throws IOException {
    Path written = Files.write(folder.resolve("part.onnx"), graph.bytes());
    int n = rows.shape().get(0);
    try (PartModel part = PartModel.open(written, input, output, file.width())) {
      boolean otherBatch = file.of().batch() >= 0 && file.of().batch() != n;
      require(file, part.run(RawRows.of(rows)), 0, n, otherBatch);
      for (int row = 0; row < Math.min(ALONE, n); row++) {
        require(file, part.run(RawRows.of(rows, row, row + 1)), row, 1, true);
      }
    } finally {
      Files.delete(written);
    }
  }

  /**
   * Compares answers.
   *
   * @param otherBatch whether the graph ran in another batch than the file, so that its answers may
   *     depend on that
   */
  private static void require(
      Answers file, float[] served, int from, int count, boolean otherBatch) {
    for (int i = 0; i < served.length; i++) {
      double difference = Math.abs(served[i] - file.probabilities()[from * file.width() + i]);
      if (!(difference <= SelfTest.TOLERANCE)) {
        int row = from + i / file.width();
        throw new BadInput(
            file.of().file()
                + (otherBatch
                    ? dependsOnTheBatch(count, row, difference)
                    : differs(row, difference)));
      }
    }
  }

  private static String dependsOnTheBatch(int count, int row, double difference) {
    return String.format(
        Locale.ROOT,
        ": served in a batch of %d, row %d of the self-test gets another answer than from the file,"
            + " by %.2e; export it so that a row's answer does not depend on the rows beside it (in"
            + " PyTorch after model.eval())",
        count,
        row,
        difference);
  }

  private static String differs(int row, double difference) {
    return String.format(
        Locale.ROOT,
        ": what would be served of it gives row %d of the self-test another answer than the file"
            + " does, by %.2e; at most %.0e is accepted",
        row,
        difference,
        SelfTest.TOLERANCE);
  }
}
