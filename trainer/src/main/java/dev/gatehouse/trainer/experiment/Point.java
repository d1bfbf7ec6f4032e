package dev.gatehouse.trainer.experiment;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A point of a grid.
 *
 * @param values settings by dotted path, in the order of the grid
 */
public record Point(Map<String, Object> values) {
  private static final String TEACHER = "teacher.";

  /** Copies the map in its order. */
  public Point {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /** This point with one more value. */
  Point with(String path, Object value) {
    Map<String, Object> longer = new LinkedHashMap<>(values);
    longer.put(path, value);
    return new Point(longer);
  }

  /** A student's own point behind its teacher's. */
  Point behind(Point teacher) {
    Map<String, Object> both = new LinkedHashMap<>();
    teacher.values.forEach((path, value) -> both.put(TEACHER + path, value));
    both.putAll(values);
    return new Point(both);
  }

  /** True when this point has {@code setting}; numbers are compared by value. */
  boolean has(Map.Entry<String, Object> setting) {
    Object own = values.get(setting.getKey());
    return (own instanceof Number a && setting.getValue() instanceof Number b)
        ? a.doubleValue() == b.doubleValue()
        : setting.getValue().equals(own);
  }

  /** Short text, as {@code importance=0.2 beta_same=1e-5}; empty for a point without settings. */
  @Override
  public String toString() {
    return values.entrySet().stream()
        .map(e -> e.getKey().substring(e.getKey().lastIndexOf('.') + 1) + "=" + text(e.getValue()))
        .collect(Collectors.joining(" "));
  }

  /** 1e-6 where Java writes 1.0E-6. */
  private static String text(Object value) {
    return value instanceof Double number
        ? number.toString().replace(".0E", "e").replace('E', 'e')
        : value.toString();
  }
}
