package dev.gatehouse.service.metrics;

import dev.gatehouse.engine.pipeline.PredictionListener;
import dev.gatehouse.engine.tensor.Routing;
import dev.gatehouse.proto.bundle.Manifest;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Arrays;
import java.util.List;

/**
 * Counts what one version of a model answers. Every series exists from the start, and each counter
 * is found once: a call costs an addition, not a search by tags.
 */
final class ModelMeters implements PredictionListener {
  private final Counter rows;
  private final Counter[] hits;
  private final Counter[] computedRows;

  ModelMeters(MeterRegistry registry, Manifest manifest) {
    String model = manifest.name();
    String version = Integer.toString(manifest.version());
    rows = GatehouseMeter.ROWS.counter(model, version).register(registry);
    hits = new Counter[manifest.experts()];
    computedRows = new Counter[manifest.experts()];
    for (int e = 0; e < manifest.experts(); e++) {
      String expert = Integer.toString(e);
      hits[e] = GatehouseMeter.EXPERT_HITS.counter(model, version, expert).register(registry);
      computedRows[e] =
          GatehouseMeter.EXPERT_COMPUTED_ROWS.counter(model, version, expert).register(registry);
    }
  }

  /**
   * {@inheritDoc}
   *
   * <p>A row hits each of its chosen experts once.
   */
  @Override
  public void predicted(Routing routing, Computed computed) {
    for (int expert : routing.expertIndices()) {
      if (expert == Routing.NO_EXPERT) {
        continue;
      }
      hits[expert].increment();
      if (computed == Computed.THE_CHOSEN) {
        computedRows[expert].increment();
      }
    }
    if (computed == Computed.EVERY_EXPERT) {
      for (Counter expert : computedRows) {
        expert.increment(routing.rows());
      }
    }
    rows.increment(routing.rows());
  }

  /** What was counted so far. */
  ExpertLoad load() {
    return new ExpertLoad(count(rows), counts(hits), counts(computedRows));
  }

  private static List<Long> counts(Counter[] counters) {
    return Arrays.stream(counters).map(ModelMeters::count).toList();
  }

  private static long count(Counter counter) {
    return (long) counter.count();
  }
}
