package dev.gatehouse.trainer.evaluation;

import dev.gatehouse.proto.routing.CertifiedRow;

/** Counts what the rows of a split take under certified routing, whatever rule serves them. */
final class CertifiedCount {
  private final ErrorCount errors;
  private long rows;
  private long experts;

  CertifiedCount(int classes) {
    errors = new ErrorCount(classes);
  }

  /** Counts more rows of the split. */
  void add(Predictions piece) {
    float[] answer = new float[piece.classes()];
    for (int row = 0; row < piece.rows(); row++) {
      CertifiedRow certified = piece.certified(row);
      certified.write(answer, 0);
      errors.add(answer, piece.labels()[row]);
      experts += certified.count();
      rows++;
    }
  }

  Certified.Split split() {
    return new Certified.Split((double) experts / rows, errors.errors().top1());
  }
}
