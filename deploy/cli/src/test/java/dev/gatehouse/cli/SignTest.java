package dev.gatehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.proto.cli.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.json.JsonMapper;

/** A key is made, a bundle signed, and whoever has the public key can tell. */
class SignTest {
  private static final Path KEPT =
      Path.of(System.getProperty("gatehouse.root"))
          .resolve("server/engine/src/test/resources/bundles/tiny-top1/1");

  @TempDir private Path folder;
  private final Map<String, String> environment = new HashMap<>();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path bundle;
  private Path key;

  @BeforeEach
  void copy() throws IOException {
    key = folder.resolve("release.pem");
    bundle = folder.resolve("models/tiny-top1/1");
    try (Stream<Path> files = Files.walk(KEPT)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        Path to = bundle.resolve(KEPT.relativize(file).toString());
        Files.createDirectories(to.getParent());
        Files.copy(file, to);
      }
    }
  }

  private int run(Object... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    CommandLine line = Main.commandLine(environment);
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    return line.execute(Stream.of(arguments).map(Object::toString).toArray(String[]::new));
  }

  private void refused(String reason, Object... arguments) {
    assertThat(run(arguments)).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(err.toString())
        .startsWith("gatehouse: ")
        .contains(reason)
        .satisfies(text -> assertThat(text.lines()).hasSize(1));
  }

  @Test
  void shouldSignAndVerify() {
    assertThat(run("verify", bundle)).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).endsWith("not signed" + System.lineSeparator());

    assertThat(run("sign", "--new-key", key, "--json")).as(err.toString()).isEqualTo(ExitCode.OK);
    String fingerprint = JsonMapper.shared().readTree(out.toString()).get("fingerprint").asString();
    refused("is not signed; accepted is " + fingerprint, verify());

    assertThat(run("sign", bundle, "--key", key)).as(err.toString()).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("signed by " + fingerprint);
    assertThat(err.toString()).isEmpty();
    assertThat(run("verify", bundle)).isEqualTo(ExitCode.OK);
    assertThat(out.toString())
        .contains("says it is signed by " + fingerprint + "; --public-key checks that");
    assertThat(run(verify())).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("\nsigned by " + fingerprint);
    assertThat(run("verify", bundle, "--public-key", key + ".pub", "--json"))
        .isEqualTo(ExitCode.OK);
    assertThat(out.toString())
        .contains("\"signed_by\":\"" + fingerprint + "\",\"signature_checked\":true");
  }

  private Object[] verify() {
    return new Object[] {"verify", bundle, "--public-key", key + ".pub"};
  }

  @Test
  void shouldRefuseAForeignAndABrokenSignature() throws Exception {
    run("sign", "--new-key", key);
    run("sign", "--new-key", folder.resolve("other.pem"));
    run("sign", bundle, "--key", folder.resolve("other.pem"));
    refused("; accepted is sha256:", verify());

    Files.writeString(bundle.resolve("manifest.sig"), "{}");
    refused("manifest.sig", verify());
    refused("manifest.sig", "verify", bundle);
  }

  @Test
  void shouldServeTheKeysThatAVariableNames() throws Exception {
    run("sign", "--new-key", key);
    run("sign", "--new-key", folder.resolve("other.pem"));
    environment.put("GATEHOUSE_SERVE_TRUSTED_KEY", key + ".pub," + folder.resolve("other.pem.pub"));

    refused("is not signed; accepted is sha256:", "serve", "--models", folder.resolve("models"));
    assertThat(err.toString()).contains(" or sha256:");

    environment.put("GATEHOUSE_SERVE_TRUSTED_KEY", key.toString());
    refused(
        key + ": holds PRIVATE KEY; -----BEGIN PUBLIC KEY----- is needed",
        "serve",
        "--models",
        folder.resolve("models"));
  }

  @Test
  void shouldNotSignADamagedBundleNorWithWhatIsNoKey() throws Exception {
    run("sign", "--new-key", key);
    refused("is there already; a key is never written over", "sign", "--new-key", key);
    refused("release.pem.pub: holds PUBLIC KEY", "sign", bundle, "--key", key + ".pub");

    Files.writeString(bundle.resolve("MODEL_CARD.md"), "better than it is");
    refused("the file MODEL_CARD.md has ", "sign", bundle, "--key", key);
    assertThat(bundle.resolve("manifest.sig")).doesNotExist();
  }

  @Test
  void shouldWarnOfAKeyThatOthersCanRead() throws Exception {
    run("sign", "--new-key", key);
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));

    assertThat(run("sign", bundle, "--key", key)).isEqualTo(ExitCode.OK);
    assertThat(err.toString()).contains("can be read by others: chmod 600 " + key);
  }

  @Test
  void shouldSayWhatIsMissingOrTooMuch() {
    assertThat(run("sign", bundle)).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).contains("name a BUNDLE and its --key, or a --new-key to make one");
    assertThat(run("sign", bundle, "--new-key", key)).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).contains("leave BUNDLE out");
    assertThat(key).doesNotExist();
  }
}
