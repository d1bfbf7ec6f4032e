package dev.gatehouse.proto.page;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Numbers as people read them, the same in every language. */
public final class Numbers {
  /** Stands where there is nothing to say. */
  public static final String NONE = "–";

  private Numbers() {}

  /** A fraction as a percentage of two decimals. */
  public static String percent(@Nullable Double fraction) {
    return fraction == null ? NONE : String.format(Locale.ROOT, "%.2f%%", 100 * fraction);
  }

  /** A fraction as a percentage in whole numbers; "under 1%" for a little. */
  public static String roundPercent(double fraction) {
    return fraction > 0 && fraction < 0.005
        ? "under 1%"
        : String.format(Locale.ROOT, "%.0f%%", 100 * fraction);
  }

  /** A fraction as a percentage in whole numbers, without the sign. */
  public static String hundredths(double fraction) {
    return String.format(Locale.ROOT, "%.0f", 100 * fraction);
  }

  /** Two decimals. */
  public static String two(@Nullable Double value) {
    return value == null ? NONE : String.format(Locale.ROOT, "%.2f", value);
  }

  /** Three decimals. */
  public static String three(@Nullable Double value) {
    return value == null ? NONE : String.format(Locale.ROOT, "%.3f", value);
  }

  /** Three decimals and the unit. */
  public static String bits(@Nullable Double value) {
    return value == null ? NONE : three(value) + " bit";
  }

  /** A count with thousands set apart. */
  public static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /**
   * An amount of at most three digits, with a decimal prefix behind it where it is large; a unit
   * may follow: 999, 12.3 k, 4 M.
   */
  public static String amount(long value) {
    double left = value;
    for (String prefix : new String[] {"", " k", " M", " G"}) {
      if (Math.abs(left) < 999.5) {
        return threeDigits(left) + prefix;
      }
      left /= 1000;
    }
    return threeDigits(left) + " T";
  }

  private static String threeDigits(double value) {
    double size = Math.abs(value);
    String text =
        String.format(Locale.ROOT, size < 9.995 ? "%.2f" : size < 99.95 ? "%.1f" : "%.0f", value);
    return text.contains(".") ? text.replaceAll("\\.?0+$", "") : text;
  }

  /** A range of values; that of all 32-bit floats in words. */
  public static String range(double min, double max) {
    return min <= -Float.MAX_VALUE && max >= Float.MAX_VALUE
        ? "any finite number"
        : "from " + brief(min) + " to " + brief(max);
  }

  /** As short as it can be said: 0.25, 12, 1e-05. */
  public static String brief(double value) {
    if (value == Math.rint(value) && Math.abs(value) < 1e6) {
      return Long.toString((long) value);
    }
    String text = String.format(Locale.ROOT, "%.4g", value);
    if (text.contains("e")) {
      return text.replaceAll("\\.?0+e", "e");
    }
    return text.contains(".") ? text.replaceAll("\\.?0+$", "") : text;
  }

  /** A length in a drawing: two decimals at most. */
  public static String coordinate(double value) {
    double rounded = Math.rint(value * 100) / 100;
    return rounded == Math.rint(rounded) ? Long.toString((long) rounded) : Double.toString(rounded);
  }
}
