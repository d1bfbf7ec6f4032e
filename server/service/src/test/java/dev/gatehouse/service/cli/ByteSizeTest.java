package dev.gatehouse.service.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class ByteSizeTest {
  @Test
  void shouldReadPowersOf1024() {
    ByteSize size = new ByteSize();

    assertThat(size.convert("700")).isEqualTo(700);
    assertThat(size.convert("3K")).isEqualTo(3 * 1024);
    assertThat(size.convert("500M")).isEqualTo(500L * 1024 * 1024);
    assertThat(size.convert("2G")).isEqualTo(2L * 1024 * 1024 * 1024);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "M", "-1", "1.5G", "2T", "2 G", "9999999999999"})
  void shouldSayWhatASizeIs(String text) {
    assertThatThrownBy(() -> new ByteSize().convert(text))
        .isInstanceOf(TypeConversionException.class)
        .hasMessageContaining("such as 500M");
  }

  @Test
  void shouldSayThatItIsTooLarge() {
    assertThatThrownBy(() -> new ByteSize().convert("999999999999G"))
        .isInstanceOf(TypeConversionException.class)
        .hasMessageContaining("such as 500M");
  }
}
