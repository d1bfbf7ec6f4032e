package dev.gatehouse.service.web.console;

import dev.gatehouse.service.metrics.ExpertLoad;
import dev.gatehouse.service.repository.ServedModel;
import java.util.List;

/**
 * What a version of a model has answered since it was loaded.
 *
 * @param model name
 * @param version version
 * @param rows rows answered
 * @param hits {@code [experts]} rows whose chosen experts hold this one
 * @param computedRows {@code [experts]} rows that went through this one
 */
record LoadView(String model, int version, long rows, List<Long> hits, List<Long> computedRows) {
  static LoadView of(ServedModel served, ExpertLoad load) {
    return new LoadView(
        served.name(), served.version(), load.rows(), load.hits(), load.computedRows());
  }
}
