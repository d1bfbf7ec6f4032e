package dev.gatehouse.proto.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.proto.BadInput;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPairGenerator;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SigningKeyTest {
  /** Order of the group, L (RFC 8032, 5.1). */
  private static final BigInteger ORDER =
      BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));

  @TempDir private Path folder;

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text);
  }

  /** A private key as a file of PKCS #8 has it: fixed bytes of DER and the seed (RFC 8410, 7). */
  private Path privateKey(String seed) throws Exception {
    byte[] der = hex("302e020100300506032b657004220420" + seed);
    return Files.writeString(folder.resolve("key"), new Pem("PRIVATE KEY").text(der));
  }

  /** RFC 8032, 7.1, tests 1 to 3: seed, public key, message, signature. */
  @ParameterizedTest
  @CsvSource({
    "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60,"
        + "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a,'',"
        + "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        + "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb,"
        + "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c,72,"
        + "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7,"
        + "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025,af82,"
        + "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        + "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
  })
  void shouldSignAsTheStandardSays(String seed, String open, String message, String signature)
      throws Exception {
    SigningKey key = SigningKey.read(privateKey(seed));

    assertThat(key.sign(hex(message))).isEqualTo(hex(signature));
    String spki = key.verifyingKey().pem().replaceAll("-----[A-Z ]+-----|\\s", "");
    assertThat(Base64.getDecoder().decode(spki)).isEqualTo(hex("302a300506032b6570032100" + open));
    assertThat(key.verifyingKey().verifies(hex(message), hex(signature))).isTrue();
  }

  @Test
  void shouldReadTheKeyThatItWrote() throws Exception {
    SigningKey made = SigningKey.generate();
    Path file = folder.resolve("keys/mine.pem");
    made.write(file);

    byte[] message = "of mine".getBytes(StandardCharsets.UTF_8);
    byte[] signature = SigningKey.read(file).sign(message);
    VerifyingKey open = VerifyingKey.read(folder.resolve("keys/mine.pem.pub"));

    assertThat(open.verifies(message, signature)).isTrue();
    assertThat(open.fingerprint())
        .isEqualTo(made.verifyingKey().fingerprint())
        .isEqualTo(SigningKey.read(file).verifyingKey().fingerprint())
        .isNotEqualTo(SigningKey.generate().verifyingKey().fingerprint());
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "no POSIX permissions there")
  void shouldKeepThePrivateKeyFromOthers() throws Exception {
    Path file = folder.resolve("mine.pem");
    SigningKey.generate().write(file);

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(SigningKey.isOpenToOthers(file)).isFalse();
    assertThat(SigningKey.isOpenToOthers(SigningKey.publicFile(file))).isTrue();
  }

  @Test
  void shouldNeverWriteOverAKey() throws Exception {
    Path file = folder.resolve("mine.pem");
    SigningKey.generate().write(file);
    String kept = Files.readString(file);

    assertThatThrownBy(() -> SigningKey.generate().write(file))
        .isInstanceOf(BadInput.class)
        .hasMessage(file + ": is there already; a key is never written over");
    assertThat(file).hasContent(kept);

    Files.delete(file);
    assertThatThrownBy(() -> SigningKey.generate().write(file))
        .hasMessageStartingWith(file + ".pub: is there already");
    assertThat(file).doesNotExist();
  }

  @Test
  void shouldRefuseASignatureWithAnyBitChanged() {
    SigningKey key = SigningKey.generate();
    byte[] message = "the manifest".getBytes(StandardCharsets.UTF_8);
    byte[] signature = key.sign(message);

    for (int bit = 0; bit < 8 * signature.length; bit++) {
      byte[] other = signature.clone();
      other[bit / 8] ^= (byte) (1 << (bit % 8));
      assertThat(key.verifyingKey().verifies(message, other)).as("bit %d", bit).isFalse();
    }
    for (int length : new int[] {0, 1, 63, 65, 128}) {
      byte[] other = Arrays.copyOf(signature, length);
      assertThat(key.verifyingKey().verifies(message, other)).as("%d bytes", length).isFalse();
    }
  }

  /** S + L would satisfy the equation as well; RFC 8032, 5.1.7, asks for S below L. */
  @Test
  void shouldRefuseTheOtherFormOfASignature() {
    SigningKey key = SigningKey.generate();
    byte[] message = {1, 2, 3};
    byte[] signature = key.sign(message);
    byte[] s = new byte[33];
    for (int i = 0; i < 32; i++) {
      s[32 - i] = signature[32 + i];
    }
    byte[] sum = new BigInteger(s).add(ORDER).toByteArray();
    for (int i = 0; i < 32; i++) {
      signature[32 + i] = i < sum.length ? sum[sum.length - 1 - i] : 0;
    }

    assertThat(key.verifyingKey().verifies(message, signature)).isFalse();
  }

  @Test
  void shouldSayWhatAFileIsThatHoldsNoSuchKey() throws Exception {
    Path file = folder.resolve("key");
    SigningKey.generate().write(folder.resolve("mine"));
    KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
    rsa.initialize(1024);

    refused(folder.resolve("nothing"), "no such file");
    Files.writeString(file, "");
    refused(file, "holds no key; a file in PEM with -----BEGIN PRIVATE KEY----- is needed");
    Files.write(file, new byte[1 << 17]);
    refused(file, "is no key: it has 131072 bytes");
    refused(folder.resolve("mine.pub"), "holds PUBLIC KEY; -----BEGIN PRIVATE KEY----- is needed");
    Files.writeString(
        file, new Pem("PRIVATE KEY").text(rsa.generateKeyPair().getPrivate().getEncoded()));
    refused(file, "holds no private key of Ed25519");
    Files.writeString(file, new Pem("ENCRYPTED PRIVATE KEY").text(new byte[] {1}));
    refused(file, "holds ENCRYPTED PRIVATE KEY");
    Files.writeString(file, "-----BEGIN PRIVATE KEY-----\nAAAAA\n-----END PRIVATE KEY-----\n");
    refused(file, "is damaged");
    Files.writeString(
        file, new Pem("PUBLIC KEY").text(rsa.generateKeyPair().getPublic().getEncoded()));
    assertThatThrownBy(() -> VerifyingKey.read(file))
        .hasMessage(file + ": holds no public key of Ed25519");
  }

  private static void refused(Path file, String reason) {
    assertThatThrownBy(() -> SigningKey.read(file))
        .isInstanceOf(BadInput.class)
        .hasMessageStartingWith(file + ": " + reason);
  }
}
