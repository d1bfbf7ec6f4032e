package dev.gatehouse.bench.serve;

/**
 * What every side serves.
 *
 * @param family of the model
 * @param experts number of experts, M
 * @param topK experts that answer a row, k
 * @param rows of a request
 */
record ServedModel(String family, int experts, int topK, int rows) {}
