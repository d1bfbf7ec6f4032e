package dev.gatehouse.proto.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.signature.SigningKey;
import dev.gatehouse.proto.signature.VerifyingKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A signed bundle in which anything at all has changed is refused. */
class ManifestSignatureTest {
  private static final Path KEPT =
      Path.of(System.getProperty("gatehouse.root"))
          .resolve("server/engine/src/test/resources/bundles/tiny-top1/1");

  @TempDir private Path folder;
  private final SigningKey key = SigningKey.generate();
  private final TrustedKeys trusted = new TrustedKeys(List.of(key.verifyingKey()));
  private Path bundle;

  @BeforeEach
  void sign() throws IOException {
    bundle = folder.resolve("tiny-top1/1");
    try (var files = Files.walk(KEPT)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        Path to = bundle.resolve(KEPT.relativize(file).toString());
        Files.createDirectories(to.getParent());
        Files.copy(file, to);
      }
    }
    ManifestSignature.sign(Bundle.open(bundle), key);
  }

  private void accept() {
    trusted.require(bundle);
    Bundle.open(bundle);
  }

  private void refused(String reason) {
    assertThatThrownBy(this::accept)
        .isInstanceOf(BadInput.class)
        .hasMessageContaining(reason)
        .satisfies(
            e -> assertThat(e.getMessage()).startsWith(bundle.toString()).doesNotContain("\n"));
  }

  private void edit(String file, UnaryOperator<String> change) throws IOException {
    String text = Files.readString(bundle.resolve(file));
    String changed = change.apply(text);
    assertThat(changed).isNotEqualTo(text);
    Files.writeString(bundle.resolve(file), changed);
  }

  @Test
  void shouldAcceptWhatWasSigned() {
    accept();

    assertThat(ManifestSignature.of(bundle))
        .hasValueSatisfying(
            signature -> assertThat(signature.key()).isEqualTo(key.verifyingKey().fingerprint()));
  }

  @Test
  void shouldAcceptAnyOfTheTrustedKeysAndWithoutOneEverybody() throws Exception {
    VerifyingKey other = SigningKey.generate().verifyingKey();
    new TrustedKeys(List.of(other, key.verifyingKey())).require(bundle);

    Files.delete(bundle.resolve(ManifestSignature.FILE));
    TrustedKeys.everybody().require(bundle);
    assertThat(ManifestSignature.of(bundle)).isEmpty();
  }

  @Test
  void shouldRefuseABundleThatNobodySigned() throws Exception {
    Files.delete(bundle.resolve(ManifestSignature.FILE));

    refused("is not signed; accepted is " + key.verifyingKey().fingerprint());
  }

  @Test
  void shouldRefuseABundleThatSomebodyElseSigned() throws Exception {
    SigningKey other = SigningKey.generate();
    ManifestSignature.sign(Bundle.open(bundle), other);

    refused(
        "is signed by %s; accepted is %s"
            .formatted(other.verifyingKey().fingerprint(), key.verifyingKey().fingerprint()));
  }

  @Test
  void shouldRefuseASignatureUnderAFalseName() throws Exception {
    SigningKey other = SigningKey.generate();
    ManifestSignature.sign(Bundle.open(bundle), other);
    edit(
        ManifestSignature.FILE,
        text -> text.replace(other.verifyingKey().fingerprint(), key.verifyingKey().fingerprint()));

    refused("manifest.json does not match its signature");
  }

  @Test
  void shouldRefuseTheSignatureOfAnotherBundle() throws Exception {
    byte[] old = Files.readAllBytes(bundle.resolve(ManifestSignature.FILE));
    edit(Bundle.MANIFEST, text -> text.replace("\"version\" : 1", "\"version\" : 2"));
    ManifestSignature.sign(Bundle.open(bundle), key);
    accept();

    Files.write(bundle.resolve(ManifestSignature.FILE), old);

    refused("manifest.json does not match its signature");
  }

  @Test
  void shouldRefuseAManifestWithAnyByteChangedAddedOrTakenAway() throws Exception {
    byte[] manifest = Files.readAllBytes(bundle.resolve(Bundle.MANIFEST));
    ManifestSignature signature = ManifestSignature.of(bundle).orElseThrow();
    assertThat(signature.verifies(manifest, key.verifyingKey())).isTrue();

    for (int at = 0; at < manifest.length; at++) {
      byte[] other = manifest.clone();
      other[at] ^= 1;
      assertThat(signature.verifies(other, key.verifyingKey())).as("byte %d", at).isFalse();
    }
    // Space that JSON does not care about.
    edit(Bundle.MANIFEST, text -> text + "\n");
    refused("manifest.json does not match its signature");
    edit(Bundle.MANIFEST, String::strip);
    refused("manifest.json does not match its signature");
  }

  @Test
  void shouldRefuseASignatureFileWithAnyBitChanged() throws Exception {
    Path file = bundle.resolve(ManifestSignature.FILE);
    byte[] bytes = Files.readAllBytes(file);

    for (int bit = 0; bit < 8 * bytes.length; bit++) {
      byte[] other = bytes.clone();
      other[bit / 8] ^= (byte) (1 << (bit % 8));
      Files.write(file, other);
      assertThatThrownBy(this::accept).as("bit %d", bit).isInstanceOf(BadInput.class);
    }
    for (int length = 0; length < bytes.length - 1; length++) {
      Files.write(file, Arrays.copyOf(bytes, length));
      assertThatThrownBy(this::accept).as("%d bytes", length).isInstanceOf(BadInput.class);
    }
    Files.write(file, bytes);
    accept();
  }

  @Test
  void shouldRefuseEveryFileWithAByteChangedAtItsStartMiddleOrEnd() throws Exception {
    for (String name : Bundle.open(bundle).manifest().files().keySet()) {
      Path file = bundle.resolve(name);
      byte[] bytes = Files.readAllBytes(file);
      for (int at : new int[] {0, bytes.length / 2, bytes.length - 1}) {
        byte[] other = bytes.clone();
        other[at] ^= 1;
        Files.write(file, other);
        refused("the file " + name + " does not match its sha256");
      }
      Files.write(file, bytes);
    }
    accept();
  }

  /** A graph reads its weights from any file beside it that it names. */
  @ParameterizedTest
  @ValueSource(strings = {"experts/000.onnx.data", "notes.txt", ".hidden", "experts/manifest.json"})
  void shouldRefuseAFileThatTheManifestDoesNotList(String name) throws Exception {
    Path more = Files.writeString(bundle.resolve(name), "weights");
    refused("the file " + name + " is not listed in manifest.json; take it out of the bundle");

    Files.delete(more);
    accept();
  }

  @Test
  void shouldRefuseALinkThatTheManifestDoesNotList() throws Exception {
    Files.createSymbolicLink(bundle.resolve("more"), Files.createDirectory(folder.resolve("data")));

    refused("the file more is not listed in manifest.json; take it out of the bundle");
  }

  @Test
  void shouldRefuseASelfTestWithoutAChecksum() throws Exception {
    String entry = "\"%s\" : \\{[^}]*}".formatted(Bundle.SELF_TEST);
    edit(Bundle.MANIFEST, text -> text.replaceFirst(",\\s*" + entry, ""));

    assertThatThrownBy(() -> ManifestSignature.sign(Bundle.open(bundle), key))
        .isInstanceOf(BadInput.class)
        .hasMessage(
            bundle.resolve(Bundle.MANIFEST)
                + ": the self-test selftest.safetensors is not among the files");
  }

  @Test
  void shouldTakeABundleByALinkToItsFolder() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("latest"), bundle);
    Files.delete(bundle.resolve(ManifestSignature.FILE));

    ManifestSignature.sign(Bundle.open(link), key);

    trusted.require(link);
    accept();
    assertThat(folder).isDirectoryNotContaining("glob:**/.*");
    Files.writeString(bundle.resolve("more"), "");
    assertThatThrownBy(() -> Bundle.open(link))
        .hasMessage(
            link + ": the file more is not listed in manifest.json; take it out of the bundle");
  }

  @Test
  void shouldLeaveNothingButTheSignature() throws Exception {
    Path inside = Path.of("").toAbsolutePath().relativize(bundle.toAbsolutePath());

    ManifestSignature.sign(Bundle.open(inside), key);

    accept();
    try (var beside = Files.list(bundle.resolveSibling(""))) {
      assertThat(beside).containsExactly(bundle);
    }
  }

  @Test
  void shouldNotSignWhatDoesNotMatchItsChecksums() throws Exception {
    Bundle opened = Bundle.open(bundle);
    edit(Bundle.MANIFEST, text -> text.replace("\"version\" : 1", "\"version\" : 2"));

    assertThatThrownBy(() -> ManifestSignature.sign(opened, key))
        .hasMessage(bundle + ": changed while it was signed");
  }
}
