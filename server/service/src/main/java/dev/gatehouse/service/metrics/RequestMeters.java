package dev.gatehouse.service.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.DoubleStream;

/** Times calls by method and status, and counts those that were refused. */
public final class RequestMeters {
  private static final String OK = "OK";
  private static final List<String> REASONS =
      List.of(
          "CANCELLED",
          "DEADLINE_EXCEEDED",
          "INTERNAL",
          "INVALID_ARGUMENT",
          "NOT_FOUND",
          "RESOURCE_EXHAUSTED",
          "UNAVAILABLE");

  /** Upper bounds of the histogram: from a tenth of a millisecond to ten seconds. */
  private static final Duration[] BUCKETS =
      DoubleStream.of(0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000)
          .mapToObj(millis -> Duration.ofNanos((long) (millis * 1e6)))
          .toArray(Duration[]::new);

  private final MeterRegistry registry;
  private final Map<String, Map<String, Timer>> durations = new ConcurrentHashMap<>();
  private final Map<String, Counter> refused = new ConcurrentHashMap<>();

  RequestMeters(MeterRegistry registry) {
    this.registry = registry;
    REASONS.forEach(this::refusedFor);
  }

  /**
   * A call of {@code method} ended.
   *
   * @param method name without its service's package, {@code PredictionService/Predict}
   * @param status name of its status, {@code OK} for an answer
   * @param nanos how long it took
   */
  public void finished(String method, String status, long nanos) {
    durations
        .computeIfAbsent(method, m -> new ConcurrentHashMap<>())
        .computeIfAbsent(status, s -> timer(method, s))
        .record(nanos, TimeUnit.NANOSECONDS);
    if (!status.equals(OK)) {
      refusedFor(status).increment();
    }
  }

  private Timer timer(String method, String status) {
    return GatehouseMeter.REQUEST_DURATION
        .timer(method, status)
        .serviceLevelObjectives(BUCKETS)
        .register(registry);
  }

  private Counter refusedFor(String status) {
    return refused.computeIfAbsent(
        status,
        s ->
            GatehouseMeter.REFUSED_REQUESTS.counter(s.toLowerCase(Locale.ROOT)).register(registry));
  }
}
