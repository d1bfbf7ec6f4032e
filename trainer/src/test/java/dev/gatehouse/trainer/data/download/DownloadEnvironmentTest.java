package dev.gatehouse.trainer.data.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.gatehouse.proto.BadInput;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What environment variables say of cache and mirror. */
class DownloadEnvironmentTest {
  private static final Path HOME = Path.of("/home/ada");
  private static final Release MNIST = Release.MNIST;

  private static Path folder(Map<String, String> variables) {
    return DownloadEnvironment.of(variables, HOME).folder(MNIST);
  }

  @Test
  void shouldKeepFilesWhereCachesAreKept() {
    assertThat(folder(Map.of())).isEqualTo(Path.of("/home/ada/.cache/gatehouse/data/mnist"));
    assertThat(folder(Map.of("XDG_CACHE_HOME", "/caches")))
        .isEqualTo(Path.of("/caches/gatehouse/data/mnist"));
    assertThat(folder(Map.of("XDG_CACHE_HOME", "/caches", "GATEHOUSE_CACHE", "/big")))
        .isEqualTo(Path.of("/big/data/mnist"));
    assertThat(folder(Map.of("GATEHOUSE_CACHE", "here")))
        .isEqualTo(Path.of("here/data/mnist").toAbsolutePath());
  }

  @Test
  void shouldTakeEmptyVariablesAsNone() {
    assertThat(
            folder(
                Map.of("XDG_CACHE_HOME", "", "GATEHOUSE_CACHE", "", "GATEHOUSE_DATA_MIRROR", "")))
        .isEqualTo(Path.of("/home/ada/.cache/gatehouse/data/mnist"));
  }

  /** As the XDG base directory specification asks. */
  @Test
  void shouldPassOverARelativeXdgFolder() {
    assertThat(folder(Map.of("XDG_CACHE_HOME", "caches")))
        .isEqualTo(Path.of("/home/ada/.cache/gatehouse/data/mnist"));
  }

  @Test
  void shouldAskTheHomesInTheirOrder() {
    assertThat(DownloadEnvironment.of(Map.of(), HOME).addresses(MNIST, MNIST.files().get(0)))
        .containsExactly(
            URI.create(
                "https://storage.googleapis.com/cvdf-datasets/mnist/train-images-idx3-ubyte.gz"),
            URI.create("https://ossci-datasets.s3.amazonaws.com/mnist/train-images-idx3-ubyte.gz"));
  }

  @ParameterizedTest
  @CsvSource({
    "http://mirror:81/data",
    "http://mirror:81/data/",
  })
  void shouldAskTheMirrorInPlaceOfTheHomes(String mirror) {
    DownloadEnvironment environment =
        DownloadEnvironment.of(Map.of("GATEHOUSE_DATA_MIRROR", mirror), HOME);

    assertThat(environment.addresses(Release.CIFAR_10, Release.CIFAR_10.files().get(0)))
        .containsExactly(URI.create("http://mirror:81/data/cifar-10/cifar-10-binary.tar.gz"));
  }

  @ParameterizedTest
  @CsvSource({
    "mirror/data,             must be like https://host/path",
    "file:///data,            must be like https://host/path",
    "https:/data,             must be like https://host/path",
    "https://mirror/?q=1,     must be like https://host/path",
    "http://a b/,             is no address",
    "http://ada:secret@host/, names a user",
  })
  void shouldRefuseAMirrorThatIsNoAddress(String mirror, String reason) {
    assertThatExceptionOfType(BadInput.class)
        .isThrownBy(() -> DownloadEnvironment.of(Map.of("GATEHOUSE_DATA_MIRROR", mirror), HOME))
        .withMessageStartingWith("GATEHOUSE_DATA_MIRROR ")
        .withMessageContaining(reason)
        .satisfies(e -> assertThat(e).message().doesNotContain("secret"));
  }
}
