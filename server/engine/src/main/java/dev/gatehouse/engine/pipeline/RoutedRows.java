package dev.gatehouse.engine.pipeline;

import dev.gatehouse.engine.experts.Experts;
import dev.gatehouse.engine.tensor.Prediction;
import java.nio.FloatBuffer;

/**
 * Rows whose gate has spoken: which experts they need, and what those answered. They are split into
 * pieces, each of which waits for one expert at a time; different pieces may be answered by
 * different threads at once.
 */
sealed interface RoutedRows permits ChosenRows, CertifiedRows {
  /** Number of rows. */
  int rows();

  /** Number of pieces. */
  int pieces();

  /** The row of a piece. */
  int row(int piece);

  /** The expert that a piece waits for at first. */
  int first(int piece);

  /**
   * Takes the answer of the expert that a piece waits for.
   *
   * @param values holds the class probabilities from index {@code at} on
   * @return the expert that it waits for next; {@link
   *     dev.gatehouse.engine.tensor.Routing#NO_EXPERT} when it needs no other
   */
  int answered(int piece, FloatBuffer values, int at);

  /** Has {@code experts} answer every piece; the rows are those of {@code lane.in()}. */
  void answerBy(Experts experts, Lane lane);

  /** The answer, once no piece waits. */
  Prediction prediction();
}
