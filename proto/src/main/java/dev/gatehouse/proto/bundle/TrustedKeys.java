package dev.gatehouse.proto.bundle;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.signature.VerifyingKey;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The keys whose bundles are accepted.
 *
 * @param keys any of them will do; with none of them every bundle is accepted, signed or not
 */
public record TrustedKeys(List<VerifyingKey> keys) {
  /** Copies the list. */
  public TrustedKeys {
    keys = List.copyOf(keys);
  }

  /** Every bundle is accepted. */
  public static TrustedKeys everybody() {
    return new TrustedKeys(List.of());
  }

  /**
   * Reads public keys in PEM.
   *
   * @throws BadInput when a file is missing or holds no public key of Ed25519
   */
  public static TrustedKeys read(List<Path> files) {
    return new TrustedKeys(files.stream().map(VerifyingKey::read).toList());
  }

  /**
   * Refuses the bundle in a folder unless one of the keys signed its manifest. That the other files
   * are those of the manifest is for {@link Bundle#open} to say.
   *
   * @throws BadInput when it is not signed, by none of the keys, or its manifest is not what was
   *     signed
   */
  public void require(Path bundle) {
    if (keys.isEmpty()) {
      return;
    }
    byte[] manifest = Bundle.manifestBytes(bundle);
    ManifestSignature signature =
        ManifestSignature.of(bundle)
            .orElseThrow(() -> new BadInput(bundle + ": is not signed; accepted is " + names()));
    VerifyingKey by =
        keys.stream()
            .filter(key -> key.fingerprint().equals(signature.key()))
            .findFirst()
            .orElseThrow(
                () ->
                    new BadInput(
                        "%s: is signed by %s; accepted is %s"
                            .formatted(bundle, signature.key(), names())));
    if (!signature.verifies(manifest, by)) {
      throw new BadInput(
          "%s: %s does not match its signature by %s"
              .formatted(bundle, Bundle.MANIFEST, signature.key()));
    }
  }

  private String names() {
    return keys.stream().map(VerifyingKey::fingerprint).collect(Collectors.joining(" or "));
  }
}
