package dev.gatehouse.cli.project;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** {@code THIRD-PARTY.txt} is what the build found in the poms of the libraries it ships. */
class ThirdPartyTest {
  /** The build with CUDA's libraries ships others, which are not published. */
  @Test
  @EnabledIfSystemProperty(named = "gatehouse.pytorch", matches = "cpu")
  void shouldListEveryLibraryThatIsShippedWithItsLicence() throws IOException {
    Path committed = Path.of(System.getProperty("gatehouse.root"), "THIRD-PARTY.txt");
    Path found = Path.of("target/generated-sources/license/THIRD-PARTY.txt");

    assertThat(Files.readString(committed))
        .as("what is shipped has changed; look at the licences, then: cp deploy/cli/%s .", found)
        .isEqualTo(Files.readString(found));
  }
}
