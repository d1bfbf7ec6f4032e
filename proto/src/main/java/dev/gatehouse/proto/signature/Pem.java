package dev.gatehouse.proto.signature;

import dev.gatehouse.proto.BadInput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One block of textual encoding (RFC 7468): a label, and bytes in base64 between its lines.
 *
 * @param label {@code PUBLIC KEY} or {@code PRIVATE KEY}
 */
record Pem(String label) {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");
  private static final int WIDTH = 64;
  private static final int LARGEST = 1 << 16;

  /** The text of a file that holds {@code bytes}. */
  String text(byte[] bytes) {
    String base64 = Base64.getMimeEncoder(WIDTH, new byte[] {'\n'}).encodeToString(bytes);
    return "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n";
  }

  /**
   * The bytes in a file.
   *
   * @throws BadInput when the file is missing or holds no such block, or another
   */
  byte[] read(Path file) {
    Matcher block = BLOCK.matcher(content(file));
    if (!block.find()) {
      throw new BadInput(file + ": holds no key; a file in PEM with " + head() + " is needed");
    }
    if (!block.group(1).equals(label)) {
      throw new BadInput(file + ": holds " + block.group(1) + "; " + head() + " is needed");
    }
    try {
      return Base64.getDecoder().decode(block.group(2).replaceAll("\\s", ""));
    } catch (IllegalArgumentException e) {
      throw new BadInput(file + ": is damaged: what it holds is no base64", e);
    }
  }

  private String head() {
    return "-----BEGIN " + label + "-----";
  }

  private static String content(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new BadInput(file + ": no such file");
    }
    try {
      if (Files.size(file) > LARGEST) {
        throw new BadInput(file + ": is no key: it has " + Files.size(file) + " bytes");
      }
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new BadInput(file + ": cannot be read: " + e.getMessage(), e);
    }
  }
}
