package dev.gatehouse.proto.page;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumbersTest {
  @ParameterizedTest
  @CsvSource({
    "0.25, 0.25",
    "12, 12",
    "0.00001, 1e-05",
    "1.5e-7, 1.5e-07",
    "1010.3, 1010",
    "1000.4, 1000",
    "1500.4, 1500",
    "12.30, 12.3",
    "-2000.7, -2001",
    "12345.6, 1.235e+04"
  })
  void shouldSayANumberBriefly(double value, String text) {
    assertThat(Numbers.brief(value)).isEqualTo(text);
  }
}
