package dev.gatehouse.service.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.bundle.Bundle;
import dev.gatehouse.proto.bundle.ManifestSignature;
import dev.gatehouse.proto.bundle.TrustedKeys;
import dev.gatehouse.proto.signature.SigningKey;
import dev.gatehouse.service.app.Server;
import dev.gatehouse.service.app.ServerOptions;
import dev.gatehouse.service.testing.Golden;
import dev.gatehouse.service.testing.ModelsOnDisk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that trusts somebody serves nobody else's bundles. */
class TrustedKeyTest {
  @TempDir private Path folder;
  private final SigningKey ours = SigningKey.generate();
  private final SigningKey theirs = SigningKey.generate();
  private ModelsOnDisk models;

  @BeforeEach
  void start() {
    models = new ModelsOnDisk(folder);
  }

  private Server server(SigningKey... trusted) {
    List<SigningKey> keys = List.of(trusted);
    return Server.start(
        ServerOptions.of(folder)
            .withPorts(0, 0)
            .withTrusted(new TrustedKeys(keys.stream().map(SigningKey::verifyingKey).toList())));
  }

  @Test
  void shouldServeWhatIsSignedAndSayWhyNotTheRest() throws Exception {
    ManifestSignature.sign(Bundle.open(models.copy(Golden.TOP1, 1)), ours);
    ManifestSignature.sign(Bundle.open(models.copy(Golden.TOP1, 2)), theirs);
    Path unsigned = models.copy(Golden.DENSE, 1);

    try (Server server = server(ours)) {
      assertThat(server.models()).extracting(Object::toString).containsExactly("tiny-top1/1");
      assertThat(server.refused())
          .extracting(Throwable::getMessage)
          .containsExactlyInAnyOrder(
              "%s: is not signed; accepted is %s"
                  .formatted(unsigned, ours.verifyingKey().fingerprint()),
              "%s: is signed by %s; accepted is %s"
                  .formatted(
                      folder.resolve("tiny-top1/2"),
                      theirs.verifyingKey().fingerprint(),
                      ours.verifyingKey().fingerprint()));
    }
    try (Server server = server(ours, theirs)) {
      assertThat(server.models()).hasSize(2);
    }
    try (Server server = server()) {
      assertThat(server.models()).hasSize(3);
    }
  }

  /** What is not a graph at all would be refused in other words if anybody had loaded it. */
  @Test
  void shouldRefuseBeforeAnythingIsLoaded() throws Exception {
    Path bundle = models.copy(Golden.TOP1, 1);
    ManifestSignature.sign(Bundle.open(bundle), theirs);
    Files.writeString(bundle.resolve("gate.onnx"), "no graph");

    assertThatThrownBy(() -> server(ours))
        .isInstanceOf(BadInput.class)
        .hasMessageStartingWith(bundle + ": is signed by ");
  }

  @Test
  void shouldRefuseAFileThatChangedAfterItWasSigned() throws Exception {
    Path bundle = models.copy(Golden.TOP1, 1);
    ManifestSignature.sign(Bundle.open(bundle), ours);
    models.replace(bundle, "\"share\" : [", "\"share\" :  [");

    assertThatThrownBy(() -> server(ours))
        .hasMessage(
            "%s: manifest.json does not match its signature by %s"
                .formatted(bundle, ours.verifyingKey().fingerprint()));
  }
}
