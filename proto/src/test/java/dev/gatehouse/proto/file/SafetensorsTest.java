package dev.gatehouse.proto.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.file.Safetensors.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsTest {
  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void nameTheFile() {
    file = folder.resolve("some.safetensors");
  }

  /** A file as the format's description says, put together by hand. */
  private void writeByHand(String header, int dataBytes) throws IOException {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer all = ByteBuffer.allocate(8 + json.length + dataBytes);
    all.order(ByteOrder.LITTLE_ENDIAN).putLong(json.length).put(json);
    for (int i = 0; i < dataBytes / 4; i++) {
      all.putFloat(i + 0.5f);
    }
    Files.write(file, all.array());
  }

  @Test
  void shouldReadAFileMadeByHand() throws Exception {
    writeByHand(
        "{\"__metadata__\":{\"by\":\"hand\"},\"b\":{\"dtype\":\"F32\",\"shape\":[2],"
            + "\"data_offsets\":[4,12]},\"a\":{\"dtype\":\"F32\",\"shape\":[],"
            + "\"data_offsets\":[0,4]}}",
        12);

    Safetensors read = Safetensors.read(file);

    assertThat(read.metadata()).containsExactly(Map.entry("by", "hand"));
    assertThat(read.tensor("a", List.of()).floats()).containsExactly(0.5f);
    assertThat(read.tensor("b", List.of(2)).floats()).containsExactly(1.5f, 2.5f);
  }

  @Test
  void shouldWriteTheLayoutOfTheFormat() throws Exception {
    new Safetensors(Map.of(), Map.of("x", Tensor.of(new float[] {1, -2}, 1, 2))).write(file);

    ByteBuffer all = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    int length = (int) all.getLong();
    byte[] json = new byte[length];
    all.get(json);
    assertThat(new String(json, StandardCharsets.UTF_8).trim())
        .isEqualTo("{\"x\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[0,8]}}");
    assertThat(length % 8).isZero();
    assertThat(all.getFloat()).isEqualTo(1f);
    assertThat(all.getFloat()).isEqualTo(-2f);
    assertThat(all.hasRemaining()).isFalse();
  }

  @Test
  void shouldReadBackEveryTypeItWrote() throws Exception {
    Safetensors written =
        new Safetensors(
            Map.of("k", "v"),
            Map.of(
                "bytes", Tensor.of(new byte[] {0, 127, (byte) 200}, 3),
                "ints", Tensor.of(new int[] {Integer.MIN_VALUE, 7}, 2),
                "none", Tensor.of(new float[0], 0, 4),
                "floats", Tensor.of(new float[] {Float.MIN_VALUE, Float.NaN}, 2)));

    written.write(file);
    Safetensors read = Safetensors.read(file);

    assertThat(read.metadata()).isEqualTo(written.metadata());
    assertThat(read.tensors()).isEqualTo(written.tensors());
    assertThat(read.tensor("bytes", List.of(3)).floats()).containsExactly(0f, 127f, 200f);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,8]}} | 8 | holds 4 bytes",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}} | 12 | gap or overlap",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}} | 8 | the file holds 8",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}} | 0 | lies at [0,4] of 0",
        "{\"a\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[0,8]}} | 8 | element type",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}} | 4 | has shape [-1]",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[65536,65536,65536,65536],\"data_offsets\":[0,4]}} | 4"
            + " | overflow",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]},"
            + "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}} | 4 | gap or overlap",
        "[1] | 0 | no JSON object",
        "{\"a\": | 0 | no JSON",
      })
  void shouldRefuseADamagedFileInOneLine(String header, int bytes, String reason) throws Exception {
    writeByHand(header, bytes);

    assertThatThrownBy(() -> Safetensors.read(file))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining(reason)
        .satisfies(
            e -> assertThat(e.getMessage()).doesNotContain("\n").startsWith(file.toString()));
  }

  /** 33 arrays of 64 MiB in a file with a hole; all are read into the same room, one by one. */
  @Test
  void shouldReadAFileOfMoreThanTwoGibibytes() throws Exception {
    int length = 1 << 26;
    StringBuilder header = new StringBuilder("{");
    for (long i = 0; i < 33; i++) {
      header.append(
          "%s\"t%02d\":{\"dtype\":\"U8\",\"shape\":[%d],\"data_offsets\":[%d,%d]}"
              .formatted(i == 0 ? "" : ",", i, length, i * length, (i + 1) * length));
    }
    writeByHand(header.append('}').toString(), 0);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[] {7}), channel.size() + 33L * length - 1);
    }
    ByteBuffer room = ByteBuffer.allocate(length);

    Safetensors read = Safetensors.read(file, bytes -> room.slice(0, bytes));

    assertThat(Files.size(file)).isGreaterThan(Integer.MAX_VALUE);
    assertThat(read.tensors()).hasSize(33);
    assertThat(read.tensor("t32", List.of(length)).data().get(length - 1)).isEqualTo((byte) 7);
  }

  @Test
  void shouldRefuseAHeaderLongerThanTheFile() throws Exception {
    Files.write(file, new byte[] {-1, -1, -1, -1, -1, -1, -1, 127, '{', '}'});

    assertThatThrownBy(() -> Safetensors.read(file))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("the header claims");
  }

  @Test
  void shouldAnswerRandomDamageWithBadInputAndNothingElse() throws Exception {
    new Safetensors(
            Map.of("k", "v"),
            Map.of("a", Tensor.of(new float[] {1, 2, 3}, 3), "b", Tensor.of(new byte[5], 5)))
        .write(file);
    byte[] whole = Files.readAllBytes(file);
    long seed = new Random().nextLong();
    Random random = new Random(seed);

    for (int i = 0; i < 2_000; i++) {
      byte[] damaged = java.util.Arrays.copyOf(whole, whole.length - random.nextInt(3));
      for (int n = random.nextInt(4); n >= 0; n--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      Files.write(file, damaged);
      try {
        assertThat(Safetensors.read(file)).isNotNull();
      } catch (BadInput expected) {
        assertThat(expected.getMessage()).as("seed %d, case %d", seed, i).isNotBlank();
      } catch (RuntimeException other) {
        throw new AssertionError("seed " + seed + ", case " + i, other);
      }
    }
  }
}
