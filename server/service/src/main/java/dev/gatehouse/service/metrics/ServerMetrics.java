package dev.gatehouse.service.metrics;

import dev.gatehouse.engine.pipeline.MoeModel;
import dev.gatehouse.engine.pipeline.PredictionListener;
import dev.gatehouse.proto.bundle.Manifest;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The registry behind {@code /metrics}: Gatehouse's own meters, the JVM's and the process's. */
public final class ServerMetrics implements AutoCloseable {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics garbageCollection = new JvmGcMetrics();
  private final Map<String, ModelMeters> models = new ConcurrentHashMap<>();
  private final RequestMeters requests = new RequestMeters(registry);

  /** Adds the JVM's and the process's meters; once. */
  public void watchProcess() {
    garbageCollection.bindTo(registry);
    new ClassLoaderMetrics().bindTo(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
  }

  /** Makes the meters of one version of a model, all at 0, and the listener that moves them. */
  public PredictionListener forModel(MoeModel model) {
    Manifest manifest = model.manifest();
    ModelMeters meters = new ModelMeters(registry, model);
    models.put(key(manifest.name(), manifest.version()), meters);
    return meters;
  }

  /**
   * What a version of a model has answered so far.
   *
   * @throws IllegalArgumentException when no meters were made for it
   */
  public ExpertLoad load(String name, int version) {
    ModelMeters meters = models.get(key(name, version));
    if (meters == null) {
      throw new IllegalArgumentException("no meters for " + key(name, version));
    }
    return meters.load();
  }

  private static String key(String name, int version) {
    return name + "/" + version;
  }

  /** The meters of calls. */
  public RequestMeters requests() {
    return requests;
  }

  /** Everything, in Prometheus' text format 0.0.4. */
  public String scrape() {
    return registry.scrape();
  }

  /** Ends the registry; a second call does nothing. */
  @Override
  public void close() {
    garbageCollection.close();
    registry.close();
  }
}
