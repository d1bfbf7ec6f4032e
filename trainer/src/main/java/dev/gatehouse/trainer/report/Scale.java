package dev.gatehouse.trainer.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * Puts values on an axis.
 *
 * @param min value at {@code from}
 * @param max value at {@code to}
 * @param from coordinate
 * @param to coordinate
 * @param logarithmic true for equal steps of equal ratio
 */
record Scale(double min, double max, double from, double to, boolean logarithmic) {
  /** From this ratio on, a linear axis would hide what happens at its lower end. */
  private static final double WIDE = 20;

  /**
   * An axis that shows all {@code values} as {@link #linear(double[], double, double)} does, but
   * logarithmic where they are positive and span more than a factor of 20.
   */
  static Scale fitting(double[] values, double from, double to) {
    return fitting(values, WIDE, from, to);
  }

  /** The same, logarithmic from another factor on. */
  static Scale fitting(double[] values, double factor, double from, double to) {
    double least = Arrays.stream(values).min().orElse(0);
    double most = Arrays.stream(values).max().orElse(0);
    return least > 0 && most / least > factor
        ? new Scale(least / 1.15, most * 1.15, from, to, true)
        : linear(values, from, to);
  }

  /** A linear axis that shows 0 and all {@code values}, and ends at round ones. */
  static Scale linear(double[] values, double from, double to) {
    return near(DoubleStream.concat(DoubleStream.of(0), Arrays.stream(values)).toArray(), from, to);
  }

  /** A linear axis that shows all {@code values} and ends at round ones, wherever 0 lies. */
  static Scale near(double[] values, double from, double to) {
    double least = Arrays.stream(values).min().orElse(0);
    double most = Arrays.stream(values).max().orElse(0);
    double step = step(most > least ? most - least : 1, 4);
    double bottom = Math.floor(least / step);
    return new Scale(
        bottom * step, Math.max(Math.ceil(most / step), bottom + 1) * step, from, to, false);
  }

  /** A linear axis. */
  static Scale linear(double min, double max, double from, double to) {
    return new Scale(min, max, from, to, false);
  }

  /** The coordinate of {@code value}. */
  double at(double value) {
    double share =
        logarithmic ? Math.log(value / min) / Math.log(max / min) : (value - min) / (max - min);
    return from + share * (to - from);
  }

  /** True when {@code value} lies between the ends of the axis, or at one. */
  boolean has(double value) {
    double least = 1e-9 * (max - min);
    return value >= min - least && value <= max + least;
  }

  /**
   * Round values along the axis: about {@code count} of a linear one; of a logarithmic one powers
   * of ten, and twice and five times them where two of these stay a line of text apart.
   */
  List<Double> ticks(int count) {
    List<Double> ticks = new ArrayList<>();
    if (logarithmic) {
      boolean fine = Math.abs(to - from) * Math.log(2) / Math.log(max / min) >= Picture.LINE - 4;
      for (double power = Math.floor(Math.log10(min)); Math.pow(10, power) <= max; power++) {
        for (int digit : fine ? new int[] {1, 2, 5} : new int[] {1}) {
          double tick = digit * Math.pow(10, power);
          if (tick >= min && tick <= max) {
            ticks.add(tick);
          }
        }
      }
      return ticks;
    }
    double step = step(max - min, count);
    for (long i = (long) Math.ceil(min / step - 1e-9); i * step <= max + step * 1e-9; i++) {
      ticks.add(i * step);
    }
    return ticks;
  }

  /**
   * The least of 1, 2, 5 times a power of ten that cuts {@code span} into {@code count} or fewer.
   */
  private static double step(double span, int count) {
    double power = Math.pow(10, Math.floor(Math.log10(span / count)));
    for (int digit : new int[] {1, 2, 5}) {
      if (span / (digit * power) <= count + 1e-9) {
        return digit * power;
      }
    }
    return 10 * power;
  }
}
