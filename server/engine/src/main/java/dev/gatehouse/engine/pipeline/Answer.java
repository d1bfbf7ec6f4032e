package dev.gatehouse.engine.pipeline;

import dev.gatehouse.engine.tensor.Prediction;

/**
 * A prediction and what it cost.
 *
 * @param prediction the prediction
 * @param computedRows {@code [experts]} rows that went through each expert
 */
record Answer(Prediction prediction, int[] computedRows) {}
