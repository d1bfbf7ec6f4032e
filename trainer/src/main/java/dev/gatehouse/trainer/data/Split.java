package dev.gatehouse.trainer.data;

/** What a row is for. */
enum Split {
  /** To fit. */
  TRAIN,
  /** To choose models by. */
  VALIDATION,
  /** To report on. */
  TEST
}
