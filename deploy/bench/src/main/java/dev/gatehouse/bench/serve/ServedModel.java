package dev.gatehouse.bench.serve;

/**
 * What every side serves.
 *
 * @param family of the model
 * @param experts number of experts, M
 * @param topK experts that answer a row, k
 */
record ServedModel(String family, int experts, int topK) {}
