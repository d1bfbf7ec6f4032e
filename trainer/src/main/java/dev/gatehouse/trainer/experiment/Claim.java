package dev.gatehouse.trainer.experiment;

/**
 * Something said of two rows, to be confirmed or refuted over the seeds that both have.
 *
 * @param claim in words
 * @param row whose figure is said to be lower or higher
 * @param against the other row
 * @param figure which one
 * @param expect how the first stands to the second
 */
public record Claim(String claim, String row, String against, Measured figure, Expect expect) {
  /** A figure on the test set. */
  public enum Measured {
    /** Share of rows that are wrong, as the row's view reads it. */
    ERROR,
    /** H_s, bits. */
    SAMPLE_ENTROPY,
    /** H_u, bits. */
    USAGE_ENTROPY,
    /** I(E;Y) with true classes, bits. */
    INFORMATION,
    /** I(E;Y) with the classes that the experts say, as the authors' code counts, bits. */
    INFORMATION_PREDICTED;

    /** Its value. */
    double of(SplitFigures figures, View view) {
      return switch (this) {
        case ERROR -> figures.error(view);
        case SAMPLE_ENTROPY -> figures.sampleEntropy(view);
        case USAGE_ENTROPY -> figures.usageEntropy(view);
        case INFORMATION -> figures.information();
        case INFORMATION_PREDICTED -> figures.informationPredicted();
      };
    }
  }

  /** How one figure stands to another. */
  public enum Expect {
    /** Less. */
    LOWER,
    /** More. */
    HIGHER
  }
}
