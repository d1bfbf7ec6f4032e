package dev.gatehouse.service.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Every meter of Gatehouse's own: name, description, base unit and tags, said here and nowhere
 * else. {@code docs/metrics.md} holds the same table for people.
 */
public enum GatehouseMeter {
  /** Rows for which the gate chose an expert. */
  EXPERT_HITS(
      Meter.Type.COUNTER,
      "gatehouse.expert.hits",
      "Rows whose chosen experts hold this one; under the dense rule the gate's most probable expert",
      "hits",
      "model",
      "version",
      "expert"),

  /** Rows that an expert's session ran. */
  EXPERT_COMPUTED_ROWS(
      Meter.Type.COUNTER,
      "gatehouse.expert.computed.rows",
      "Rows of answered calls that went through this expert; equal to its hits in a sparse model, to all rows in a dense one",
      "rows",
      "model",
      "version",
      "expert"),

  /** Rows answered. */
  ROWS(
      Meter.Type.COUNTER,
      "gatehouse.rows",
      "Rows that were routed and answered",
      "rows",
      "model",
      "version"),

  /** Experts in memory. */
  EXPERTS_RESIDENT(
      Meter.Type.GAUGE,
      "gatehouse.resident.experts",
      "Experts that are in memory; all without --expert-memory",
      "experts",
      "model",
      "version"),

  /** Loading an expert. */
  EXPERT_LOAD_DURATION(
      Meter.Type.TIMER,
      "gatehouse.expert.load.duration",
      "Time to load an expert, at start or because rows needed it",
      "seconds",
      "model",
      "version"),

  /** Experts that made room for others. */
  EXPERT_EVICTIONS(
      Meter.Type.COUNTER,
      "gatehouse.evicted.experts",
      "Experts that left memory to make room for others",
      "experts",
      "model",
      "version"),

  /** Rows in the queues. */
  WAITING_ROWS(
      Meter.Type.GAUGE,
      "gatehouse.waiting.rows",
      "Rows that wait for a worker; under the policy per_expert also those of calls that are being computed",
      "rows",
      "model",
      "version"),

  /** The policy. */
  BATCHING(
      Meter.Type.GAUGE,
      "gatehouse.batching",
      "Always 1; its label says which rows are computed together, decided by what rows cost on this machine",
      "models",
      "model",
      "version",
      "policy"),

  /** Time of a call. */
  REQUEST_DURATION(
      Meter.Type.TIMER,
      "gatehouse.request.duration",
      "Time from a call's first byte to its status",
      "seconds",
      "method",
      "status"),

  /** Calls that got no answer. */
  REFUSED_REQUESTS(
      Meter.Type.COUNTER,
      "gatehouse.refused.requests",
      "Calls that ended with another status than OK",
      "requests",
      "reason");

  private final Meter.Type type;
  private final String meterName;
  private final String description;
  private final String baseUnit;

  /** Made by List.of, which Error Prone does not see. */
  @SuppressWarnings("ImmutableEnumChecker")
  private final List<String> tagKeys;

  GatehouseMeter(
      Meter.Type type, String meterName, String description, String baseUnit, String... tagKeys) {
    this.type = type;
    this.meterName = meterName;
    this.description = description;
    this.baseUnit = baseUnit;
    this.tagKeys = List.of(tagKeys);
  }

  /** Counter, gauge or timer. */
  public Meter.Type type() {
    return type;
  }

  /** Name in Micrometer's form, with dots. */
  public String meterName() {
    return meterName;
  }

  /** What it counts, one sentence without a full stop. */
  public String description() {
    return description;
  }

  /** Base unit. */
  public String baseUnit() {
    return baseUnit;
  }

  /** Keys of the tags, in the order in which values are given. */
  public List<String> tagKeys() {
    return tagKeys;
  }

  /** A counter of this name, description, unit, and {@code values} of the tags. */
  Counter.Builder counter(String... values) {
    return Counter.builder(meterName)
        .description(description)
        .baseUnit(baseUnit)
        .tags(tags(values));
  }

  /** A gauge of {@code value} of {@code object}, which is held for as long as the gauge is. */
  <T> Gauge.Builder<T> gauge(T object, ToDoubleFunction<T> value, String... values) {
    return Gauge.builder(meterName, object, value)
        .strongReference(true)
        .description(description)
        .baseUnit(baseUnit)
        .tags(tags(values));
  }

  /** A timer of this name and description, and {@code values} of the tags; its unit is seconds. */
  Timer.Builder timer(String... values) {
    return Timer.builder(meterName).description(description).tags(tags(values));
  }

  private Tags tags(String... values) {
    if (values.length != tagKeys.size()) {
      throw new IllegalArgumentException(meterName + " needs a value for each of " + tagKeys);
    }
    Tags tags = Tags.empty();
    for (int i = 0; i < values.length; i++) {
      tags = tags.and(tagKeys.get(i), values[i]);
    }
    return tags;
  }
}
