package dev.gatehouse.service.metrics;

import java.util.List;

/**
 * What one version of a model has answered since it was loaded, as its meters say.
 *
 * @param rows rows answered
 * @param hits {@code [experts]} rows whose chosen experts hold this one
 * @param computedRows {@code [experts]} rows that went through this one
 */
public record ExpertLoad(long rows, List<Long> hits, List<Long> computedRows) {
  /** Copies the lists. */
  public ExpertLoad {
    hits = List.copyOf(hits);
    computedRows = List.copyOf(computedRows);
  }
}
