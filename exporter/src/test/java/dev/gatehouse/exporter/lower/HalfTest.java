package dev.gatehouse.exporter.lower;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HalfTest {
  /** Numbers and bits of IEEE 754-2019, 3.6, worked out by hand. */
  @ParameterizedTest
  @CsvSource({
    "0, 0000",
    "-0.0, 8000",
    "1, 3c00",
    "-2, c000",
    "0.333251953125, 3555",
    "65504, 7bff",
    "65519.99, 7bff",
    "65520, 7c00",
    "-Infinity, fc00",
    "NaN, 7e00",
    "6.103515625e-05, 0400",
    "6.097555160522461e-05, 03ff",
    "5.960464477539063e-08, 0001",
    "2.9e-08, 0000",
    "1.00048828125, 3c00",
    "1.00146484375, 3c02",
    "1.9999, 4000"
  })
  void shouldBeTheNearestNumber(double value, String bits) {
    assertThat("%04x".formatted(Half.of(value) & 0xffff)).isEqualTo(bits);
  }

  @Test
  void shouldGiveEveryNumberBack() {
    for (int bits = 0; bits <= 0xffff; bits++) {
      short half = (short) bits;
      float value = Half.value(half);
      if (Float.isNaN(value)) {
        assertThat(bits & 0x7c00).isEqualTo(0x7c00);
        assertThat(bits & 0x3ff).isPositive();
      } else {
        assertThat(Half.of(value)).isEqualTo(half);
      }
    }
  }

  @Test
  void shouldLieBetweenTheNeighboursOfAValue() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      double value = Math.scalb(random.nextDouble(), random.nextInt(40) - 24);
      short half = Half.of(value);
      double error = Math.abs(Half.value(half) - value);
      String about = "seed " + seed + ", " + value;
      if (value < Half.TOO_LARGE) {
        assertThat(error).as(about).isLessThanOrEqualTo(step(half, -1, value));
        assertThat(error).as(about).isLessThanOrEqualTo(step(half, 1, value));
      }
    }
  }

  /** How far the number before or behind {@code half} lies from {@code value}. */
  private static double step(short half, int by, double value) {
    int bits = half + by;
    return bits < 0 || bits >= 0x7c00
        ? Double.POSITIVE_INFINITY
        : Math.abs(Half.value((short) bits) - value);
  }
}
