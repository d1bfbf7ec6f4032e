package dev.gatehouse.proto.signature;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.file.AtomicFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;

/** A private key and the public one that goes with it. */
public final class SigningKey {
  private static final Pem PEM = new Pem("PRIVATE KEY");

  private final PrivateKey key;
  private final VerifyingKey verifying;

  private SigningKey(PrivateKey key, VerifyingKey verifying) {
    this.key = key;
    this.verifying = verifying;
  }

  /** A new key that nobody has. */
  public static SigningKey generate() {
    try {
      return of(KeyPairGenerator.getInstance(VerifyingKey.ALGORITHM).generateKeyPair());
    } catch (GeneralSecurityException e) {
      throw VerifyingKey.missing(e);
    }
  }

  private static SigningKey of(KeyPair pair) {
    return new SigningKey(pair.getPrivate(), VerifyingKey.of(pair.getPublic()));
  }

  /**
   * Reads a key in PEM, a PrivateKeyInfo of PKCS #8 (RFC 8410) without a password, as {@link
   * #write} or {@code openssl genpkey -algorithm ed25519} writes it.
   *
   * @throws BadInput when the file is missing or holds anything else
   */
  public static SigningKey read(Path file) {
    byte[] encoded = PEM.read(file);
    try {
      PrivateKey key =
          KeyFactory.getInstance(VerifyingKey.ALGORITHM)
              .generatePrivate(new PKCS8EncodedKeySpec(encoded));
      byte[] seed =
          ((EdECPrivateKey) key)
              .getBytes()
              .orElseThrow(() -> new IllegalStateException("a key of a file has its bytes"));
      return of(pairOf(seed));
    } catch (InvalidKeySpecException e) {
      throw new BadInput(file + ": holds no private key of " + VerifyingKey.ALGORITHM, e);
    } catch (GeneralSecurityException e) {
      throw VerifyingKey.missing(e);
    }
  }

  /**
   * The pair that begins with {@code seed} (RFC 8032, 5.1.5). Java derives the public key nowhere
   * but where it makes a pair, from 32 random bytes: these are given to it. That it took them is
   * checked.
   */
  private static KeyPair pairOf(byte[] seed) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(VerifyingKey.ALGORITHM);
    generator.initialize(NamedParameterSpec.ED25519, new Known(seed));
    KeyPair pair = generator.generateKeyPair();
    byte[] taken = ((EdECPrivateKey) pair.getPrivate()).getBytes().orElse(new byte[0]);
    if (!MessageDigest.isEqual(taken, seed)) {
      throw new IllegalStateException("this Java platform cannot derive a public key");
    }
    return pair;
  }

  /** Random bytes that are known. */
  private static final class Known extends SecureRandom {
    private static final long serialVersionUID = 1L;

    private final byte[] bytes;

    private Known(byte[] bytes) {
      this.bytes = bytes.clone();
    }

    @Override
    public void nextBytes(byte[] to) {
      System.arraycopy(bytes, 0, to, 0, to.length);
    }
  }

  /** The key for everybody. */
  public VerifyingKey verifyingKey() {
    return verifying;
  }

  /** The signature of exactly these bytes, 64 bytes. */
  public byte[] sign(byte[] message) {
    try {
      Signature signer = Signature.getInstance(VerifyingKey.ALGORITHM);
      signer.initSign(key);
      signer.update(message);
      return signer.sign();
    } catch (GeneralSecurityException e) {
      throw VerifyingKey.missing(e);
    }
  }

  /** The file beside {@code file} that holds the public key: {@code FILE.pub}. */
  public static Path publicFile(Path file) {
    return file.resolveSibling(file.getFileName() + ".pub");
  }

  /**
   * Writes the private key to {@code file}, for its owner's eyes alone (rights 0600), and the
   * public one to {@code FILE.pub}, both in PEM.
   *
   * @throws BadInput when one of the files exists: a key is never written over
   */
  public void write(Path file) throws IOException {
    Path open = publicFile(file);
    for (Path each : new Path[] {file, open}) {
      if (Files.exists(each, LinkOption.NOFOLLOW_LINKS)) {
        throw new BadInput(each + ": is there already; a key is never written over");
      }
    }
    AtomicFiles.writeSecret(file, PEM.text(key.getEncoded()));
    AtomicFiles.write(open, verifying.pem());
  }

  /** Whether others than its owner may read or write {@code file}; false where rights are none. */
  public static boolean isOpenToOthers(Path file) throws IOException {
    if (!file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return false;
    }
    return Files.getPosixFilePermissions(file).stream()
        .anyMatch(right -> !right.name().startsWith("OWNER_"));
  }
}
