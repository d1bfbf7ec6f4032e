package dev.gatehouse.proto.signature;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.proto.file.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/** Keys and signatures are those of OpenSSL: each side reads what the other wrote. */
class OpenSslTest {
  private static final byte[] MESSAGE = "{\"a\" : 1}\n".getBytes(StandardCharsets.UTF_8);

  @TempDir private Path folder;

  /** OpenSSL 3 or newer; without one the tests are left out. */
  @BeforeEach
  void find() throws Exception {
    try {
      Process process = new ProcessBuilder("openssl", "version").start();
      String version = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() == 0 && version.matches("(?s)OpenSSL ([3-9]|\\d\\d)\\..*")) {
        return;
      }
      throw new TestAbortedException("openssl is " + version.strip() + "; 3 or newer is needed");
    } catch (IOException e) {
      throw new TestAbortedException("there is no openssl; keys are not tried with it", e);
    }
  }

  private byte[] openssl(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("openssl"));
    command.addAll(List.of(arguments));
    Path errors = folder.resolve("errors");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectError(errors.toFile())
            .start();
    byte[] printed = process.getInputStream().readAllBytes();
    assertThat(process.waitFor()).as("%s: %s", command, Files.readString(errors)).isZero();
    return printed;
  }

  @Test
  void shouldGiveOpenSslWhatItCanVerify() throws Exception {
    SigningKey key = SigningKey.generate();
    key.write(folder.resolve("key"));
    Files.write(folder.resolve("message"), MESSAGE);
    Files.write(folder.resolve("signature"), key.sign(MESSAGE));

    openssl(
        "pkeyutl",
        "-verify",
        "-pubin",
        "-inkey",
        "key.pub",
        "-rawin",
        "-in",
        "message",
        "-sigfile",
        "signature");
    // Its own public half of our private key is ours.
    assertThat(openssl("pkey", "-in", "key", "-pubout"))
        .asString(StandardCharsets.UTF_8)
        .isEqualTo(Files.readString(folder.resolve("key.pub")));
  }

  @Test
  void shouldVerifyWhatOpenSslSigned() throws Exception {
    openssl("genpkey", "-algorithm", "ed25519", "-out", "key");
    openssl("pkey", "-in", "key", "-pubout", "-out", "key.pub");
    Files.write(folder.resolve("message"), MESSAGE);
    openssl("pkeyutl", "-sign", "-inkey", "key", "-rawin", "-in", "message", "-out", "signature");
    byte[] signature = Files.readAllBytes(folder.resolve("signature"));

    VerifyingKey open = VerifyingKey.read(folder.resolve("key.pub"));
    SigningKey key = SigningKey.read(folder.resolve("key"));

    assertThat(open.verifies(MESSAGE, signature)).isTrue();
    assertThat(key.verifyingKey().fingerprint()).isEqualTo(open.fingerprint());
    assertThat(key.sign(MESSAGE)).as("Ed25519 signs without chance").isEqualTo(signature);
    assertThat(
            "sha256:" + Sha256.of(openssl("pkey", "-pubin", "-in", "key.pub", "-outform", "DER")))
        .isEqualTo(open.fingerprint());
  }
}
