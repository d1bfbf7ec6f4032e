package dev.gatehouse.trainer.evaluation;

/**
 * What certified routing would cost, by split.
 *
 * @param train the training rows
 * @param validation the held-out rows
 * @param test the test set
 */
public record Certified(Split train, Split validation, Split test) {
  /**
   * One split.
   *
   * @param expertsPerRow mean number of experts that a row runs
   * @param error share of rows that are wrong: the full mixture's, since every label is
   */
  public record Split(double expertsPerRow, double error) {}
}
