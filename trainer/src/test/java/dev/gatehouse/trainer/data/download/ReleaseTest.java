package dev.gatehouse.trainer.data.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gatehouse.proto.file.Sha256;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The table of releases against the released files and against itself. */
class ReleaseTest {
  private static final List<Release> ALL =
      List.of(Release.MNIST, Release.FASHION_MNIST, Release.CIFAR_10, Release.CIFAR_100);

  @Test
  void shouldPinTheFilesAsTheyWereReleased() throws IOException {
    for (Release release : List.of(Release.MNIST, Release.FASHION_MNIST)) {
      Path folder = Path.of(System.getProperty("gatehouse.data", "data"), release.name());
      boolean present = Files.isDirectory(folder);
      if ("true".equals(System.getenv("CI"))) {
        assertThat(present).as("%s must be there on CI", folder).isTrue();
      }
      assumeTrue(present, () -> folder + " is not there: put the released files there to run this");
      for (ReleasedFile file : release.files()) {
        Path path = folder.resolve(file.name());
        assertThat(Files.size(path)).as(path.toString()).isEqualTo(file.bytes());
        assertThat(Sha256.of(path)).as(path.toString()).isEqualTo(file.sha256());
      }
    }
  }

  @Test
  void shouldNameEveryFileOnceAndAnAddressForEach() {
    for (Release release : ALL) {
      assertThat(release.files()).extracting(ReleasedFile::name).doesNotHaveDuplicates();
      assertThat(release.files())
          .allSatisfy(
              file -> {
                assertThat(file.bytes()).isPositive();
                assertThat(file.sha256()).matches("[0-9a-f]{64}");
              });
      assertThat(release.homes())
          .isNotEmpty()
          .allSatisfy(
              home -> {
                assertThat(home).endsWith("/");
                assertThat(URI.create(home).getHost()).isNotNull();
              });
    }
    assertThat(ALL).flatExtracting(Release::files).extracting("sha256").doesNotHaveDuplicates();
  }
}
