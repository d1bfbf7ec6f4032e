package dev.gatehouse.proto.run;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.gatehouse.proto.BadInput;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A number that may change from step to step of a training. In JSON, YAML and flags:
 *
 * <ul>
 *   <li>{@code 0.2}: the same throughout
 *   <li>{@code 1e-3..1e-5}: along a straight line from the first step to the last
 *   <li>{@code cosine 1e-3..1e-5}: along half a cosine
 *   <li>{@code 10|1|0.1}: in stages of equal length
 * </ul>
 */
public sealed interface Schedule {
  /** Never changes. */
  record Constant(double value) implements Schedule {
    @Override
    public double at(long step, long steps) {
      return value;
    }

    @Override
    public List<Double> values() {
      return List.of(value);
    }

    @Override
    public Object json() {
      return value;
    }

    @Override
    public String toString() {
      return text(value);
    }
  }

  /** From the first step to the last along a straight line. */
  record Line(double from, double to) implements Schedule {
    @Override
    public double at(long step, long steps) {
      return from + (to - from) * share(step, steps);
    }

    @Override
    public List<Double> values() {
      return List.of(from, to);
    }

    @Override
    public String toString() {
      return text(from) + ".." + text(to);
    }
  }

  /** From the first step to the last along half a cosine (arXiv 1608.03983, equation 5). */
  record Cosine(double from, double to) implements Schedule {
    @Override
    public double at(long step, long steps) {
      return to + (from - to) * (1 + Math.cos(Math.PI * share(step, steps))) / 2;
    }

    @Override
    public List<Double> values() {
      return List.of(from, to);
    }

    @Override
    public String toString() {
      return COSINE + text(from) + ".." + text(to);
    }
  }

  /** Value after value, each for an equal share of the steps. */
  record Stages(List<Double> values) implements Schedule {
    /** Copies the list. */
    public Stages {
      values = List.copyOf(values);
    }

    @Override
    public double at(long step, long steps) {
      return values.get((int) Math.min(values.size() - 1, step * values.size() / steps));
    }

    @Override
    public String toString() {
      return values.stream().map(Schedule::text).collect(Collectors.joining("|"));
    }
  }

  /** What the text of a {@link Cosine} begins with. */
  String COSINE = "cosine ";

  /**
   * The value of a step.
   *
   * @param step from 0
   * @param steps number of all steps, 1 or more
   */
  double at(long step, long steps);

  /** The values that the schedule is given by; all others lie between them. */
  List<Double> values();

  /** The value of the last step. */
  default double last() {
    return values().get(values().size() - 1);
  }

  /** As it stands in JSON: a number, or text. */
  @JsonValue
  default Object json() {
    return toString();
  }

  /** The same throughout. */
  static Schedule of(double value) {
    return new Constant(value);
  }

  /**
   * Reads what {@link #json} gives.
   *
   * @throws BadInput when it is neither a number nor one of the forms above
   */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static Schedule parse(Object json) {
    if (json instanceof Number number) {
      return new Constant(number.doubleValue());
    }
    String text = String.valueOf(json).strip();
    try {
      if (text.startsWith(COSINE)) {
        double[] ends = ends(text.substring(COSINE.length()));
        return new Cosine(ends[0], ends[1]);
      }
      if (text.contains("|")) {
        return new Stages(
            Arrays.stream(text.split("\\|", -1))
                .map(part -> Double.valueOf(part.strip()))
                .toList());
      }
      if (text.contains("..")) {
        double[] ends = ends(text);
        return new Line(ends[0], ends[1]);
      }
      return new Constant(Double.parseDouble(text));
    } catch (NumberFormatException e) {
      throw new BadInput(
          "a schedule is a number, FROM..TO, cosine FROM..TO, or stages A|B|C; schedule=" + text,
          e);
    }
  }

  private static double[] ends(String text) {
    int dots = text.indexOf("..");
    if (dots < 0) {
      throw new NumberFormatException(text);
    }
    return new double[] {
      Double.parseDouble(text.substring(0, dots).strip()),
      Double.parseDouble(text.substring(dots + 2).strip())
    };
  }

  private static double share(long step, long steps) {
    return steps == 1 ? 0 : (double) step / (steps - 1);
  }

  private static String text(double value) {
    return Double.toString(value);
  }
}
