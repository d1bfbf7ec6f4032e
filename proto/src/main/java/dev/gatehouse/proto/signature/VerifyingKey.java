package dev.gatehouse.proto.signature;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.file.Sha256;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.X509EncodedKeySpec;

/** A public key, with which anybody can tell what its owner signed. */
public final class VerifyingKey {
  /** Name of the algorithm, in signatures and in Java. */
  public static final String ALGORITHM = "Ed25519";

  /** Length of a signature. */
  public static final int SIGNATURE_BYTES = 64;

  static final Pem PEM = new Pem("PUBLIC KEY");

  private final PublicKey key;

  private VerifyingKey(PublicKey key) {
    this.key = key;
  }

  /**
   * Reads a key in PEM, a SubjectPublicKeyInfo (RFC 8410), as {@link SigningKey#write} or {@code
   * openssl pkey -pubout} writes it.
   *
   * @throws BadInput when the file is missing or holds anything else
   */
  public static VerifyingKey read(Path file) {
    byte[] encoded = PEM.read(file);
    try {
      return of(encoded);
    } catch (InvalidKeySpecException e) {
      throw new BadInput(file + ": holds no public key of " + ALGORITHM, e);
    }
  }

  static VerifyingKey of(byte[] encoded) throws InvalidKeySpecException {
    try {
      return new VerifyingKey(
          KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(encoded)));
    } catch (InvalidKeySpecException e) {
      throw e;
    } catch (GeneralSecurityException e) {
      throw missing(e);
    }
  }

  static VerifyingKey of(PublicKey key) {
    return new VerifyingKey(key);
  }

  static IllegalStateException missing(GeneralSecurityException e) {
    return new IllegalStateException("this Java platform has no " + ALGORITHM, e);
  }

  /**
   * Names the key: {@code sha256:} and the digest of its SubjectPublicKeyInfo in DER, lower-case
   * hexadecimal.
   */
  public String fingerprint() {
    return "sha256:" + Sha256.of(key.getEncoded());
  }

  /** The key in PEM. */
  String pem() {
    return PEM.text(key.getEncoded());
  }

  /** Whether {@code signature} was made of exactly these bytes with the private key. */
  public boolean verifies(byte[] message, byte[] signature) {
    // Java's own verifier passes over what stands behind the first 64 bytes.
    if (signature.length != SIGNATURE_BYTES) {
      return false;
    }
    try {
      Signature verifier = Signature.getInstance(ALGORITHM);
      verifier.initVerify(key);
      verifier.update(message);
      return verifier.verify(signature);
    } catch (SignatureException e) {
      // Not the form of a signature at all.
      return false;
    } catch (GeneralSecurityException e) {
      throw missing(e);
    }
  }
}
