package dev.gatehouse.proto.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BundleTest {
  private final Locale before = Locale.getDefault();

  @AfterEach
  void restore() {
    Locale.setDefault(before);
  }

  @Test
  void shouldNameFilesTheSameWhateverDigitsPeopleWrite() {
    Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));

    assertThat("%03d".formatted(7)).as("this locale has digits of its own").isNotEqualTo("007");
    assertThat(Bundle.expert(7)).isEqualTo("experts/007.onnx");
    assertThat(Bundle.expert(1234)).isEqualTo("experts/1234.onnx");
  }
}
