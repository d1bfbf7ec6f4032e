package dev.gatehouse.service.metrics;

import dev.gatehouse.engine.pipeline.MoeModel;
import dev.gatehouse.engine.pipeline.PredictionListener;
import dev.gatehouse.engine.tensor.Routing;
import dev.gatehouse.proto.bundle.Manifest;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Counts what one version of a model answers. Every series exists from the start, and each counter
 * is found once: a call costs an addition, not a search by tags.
 */
final class ModelMeters implements PredictionListener {
  private final Timer loads;
  private final Counter evictions;
  private final Counter rows;
  private final Counter[] hits;
  private final Counter[] computedRows;

  ModelMeters(MeterRegistry registry, MoeModel served) {
    Manifest manifest = served.manifest();
    String model = manifest.name();
    String version = Integer.toString(manifest.version());
    GatehouseMeter.EXPERTS_RESIDENT
        .gauge(served, MoeModel::residentExperts, model, version)
        .register(registry);
    GatehouseMeter.WAITING_ROWS
        .gauge(served, MoeModel::waitingRows, model, version)
        .register(registry);
    GatehouseMeter.BATCHING
        .gauge(served, m -> 1, model, version, served.policy().toString())
        .register(registry);
    loads = GatehouseMeter.EXPERT_LOAD_DURATION.timer(model, version).register(registry);
    evictions = GatehouseMeter.EXPERT_EVICTIONS.counter(model, version).register(registry);
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

  @Override
  public void loaded(int e, long nanos) {
    loads.record(nanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public void evicted(int e) {
    evictions.increment();
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
