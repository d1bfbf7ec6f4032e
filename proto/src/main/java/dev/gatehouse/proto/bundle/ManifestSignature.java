package dev.gatehouse.proto.bundle;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.file.AtomicFiles;
import dev.gatehouse.proto.file.Json;
import dev.gatehouse.proto.signature.SigningKey;
import dev.gatehouse.proto.signature.VerifyingKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;

/**
 * {@code manifest.sig} of a bundle: whose key signed the exact bytes of {@code manifest.json},
 * which holds the length and sha256 of every other file.
 *
 * @param formatVersion version of this file's format, 1
 * @param algorithm {@code Ed25519}
 * @param key fingerprint of the public key
 * @param signature 64 bytes in base64
 */
public record ManifestSignature(int formatVersion, String algorithm, String key, String signature) {
  /** Name of the signature's file. */
  public static final String FILE = "manifest.sig";

  private static final int FORMAT_VERSION = 1;

  /** Checks everything but the signature's truth. */
  public ManifestSignature {
    if (formatVersion != FORMAT_VERSION || !algorithm.equals(VerifyingKey.ALGORITHM)) {
      throw new BadInput(
          "a signature of format version %d by %s; this Gatehouse reads version %d by %s"
              .formatted(formatVersion, algorithm, FORMAT_VERSION, VerifyingKey.ALGORITHM));
    }
    if (!key.matches("sha256:[0-9a-f]{64}")) {
      throw new BadInput("a key's fingerprint is sha256: and 64 hexadecimal digits; key=" + key);
    }
    requireSignature(signature);
  }

  /** One text a signature: Java's decoder alone would let the last digit vary. */
  private static void requireSignature(String text) {
    try {
      byte[] bytes = Base64.getDecoder().decode(text);
      if (bytes.length == VerifyingKey.SIGNATURE_BYTES
          && Base64.getEncoder().encodeToString(bytes).equals(text)) {
        return;
      }
    } catch (IllegalArgumentException e) {
      // Said below.
    }
    throw new BadInput(
        "a signature is %d bytes in base64; signature=%s"
            .formatted(VerifyingKey.SIGNATURE_BYTES, text));
  }

  /**
   * Signs a bundle whose files match their checksums, in place of a signature that was there.
   *
   * @param bundle an opened bundle
   */
  public static ManifestSignature sign(Bundle bundle, SigningKey key) throws IOException {
    byte[] manifest = Files.readAllBytes(bundle.path().resolve(Bundle.MANIFEST));
    if (!Bundle.parse(manifest, bundle.path()).equals(bundle.manifest())) {
      throw new BadInput(bundle.path() + ": changed while it was signed");
    }
    ManifestSignature signature =
        new ManifestSignature(
            FORMAT_VERSION,
            VerifyingKey.ALGORITHM,
            key.verifyingKey().fingerprint(),
            Base64.getEncoder().encodeToString(key.sign(manifest)));
    write(bundle.path().toRealPath(), Json.text(signature));
    return signature;
  }

  /**
   * Writes the file beside the bundle first: inside, whatever a crash leaves would be a file that
   * the manifest does not list.
   */
  private static void write(Path bundle, String text) throws IOException {
    Path beside = bundle.resolveSibling(".%s.%s".formatted(bundle.getFileName(), FILE));
    try {
      AtomicFiles.write(beside, text);
      AtomicFiles.rename(beside, bundle.resolve(FILE));
    } finally {
      Files.deleteIfExists(beside);
    }
  }

  /**
   * The signature of the bundle in a folder; empty where there is none. Whether it is true is
   * another question: {@link #verifies}.
   *
   * @throws BadInput when there is one that cannot be read
   */
  public static Optional<ManifestSignature> of(Path bundle) {
    Path file = bundle.resolve(FILE);
    return Files.exists(file, LinkOption.NOFOLLOW_LINKS)
        ? Optional.of(Json.read(file, ManifestSignature.class))
        : Optional.empty();
  }

  /** Whether {@code by} signed exactly these bytes of a manifest. */
  boolean verifies(byte[] manifest, VerifyingKey by) {
    return key.equals(by.fingerprint())
        && by.verifies(manifest, Base64.getDecoder().decode(signature));
  }
}
