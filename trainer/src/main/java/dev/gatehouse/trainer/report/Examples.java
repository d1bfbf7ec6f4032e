package dev.gatehouse.trainer.report;

import java.util.List;

/**
 * Rows of the test set worth looking at.
 *
 * @param byExpert [experts] some of each expert's own rows, by class
 * @param undecided rows with the highest gate entropy, it first; empty without a gate
 * @param unsure rows with the lowest largest served probability, it first
 * @param misrouted rows that are wrong as served although an expert that was not chosen is right
 *     alone; that expert's surest first
 */
public record Examples(
    List<List<Example>> byExpert,
    List<Example> undecided,
    List<Example> unsure,
    List<Example> misrouted) {
  /** Copies the lists. */
  public Examples {
    byExpert = byExpert.stream().map(List::copyOf).toList();
    undecided = List.copyOf(undecided);
    unsure = List.copyOf(unsure);
    misrouted = List.copyOf(misrouted);
  }
}
