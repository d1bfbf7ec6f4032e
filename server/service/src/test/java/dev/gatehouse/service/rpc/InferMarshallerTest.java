package dev.gatehouse.service.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.UnknownFieldSet;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.oip.InferParameter;
import dev.gatehouse.proto.oip.InferTensorContents;
import dev.gatehouse.proto.oip.ModelInferRequest;
import dev.gatehouse.proto.oip.ModelInferRequest.InferInputTensor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.util.Collections;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a message may make of memory before anybody has looked at it. */
class InferMarshallerTest {
  private static final int MANY = 1 << 20;

  static Stream<byte[]> shouldRefuseFieldsWithoutEndBeforeItTakesMemory() {
    byte group = 8 << 3 | 3;
    byte endOfGroup = 8 << 3 | 4;
    return Stream.of(
        repeated(5, 0),
        repeated(6, 0),
        repeated(7, 1),
        repeated(9, 1),
        joined(new byte[] {group, endOfGroup}, repeated(5, 0)),
        // A key, and a length, of which the library takes the low 32 bits.
        joined(
            new byte[] {(byte) 0xaa, (byte) 0x80, (byte) 0x80, (byte) 0x80, 0x10, 0},
            repeated(5, 0)),
        joined(
            new byte[] {0x2a, (byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80, 0x10},
            repeated(5, 0)),
        ModelInferRequest.newBuilder()
            .addInputs(InferInputTensor.newBuilder().addAllShape(Collections.nCopies(MANY, 300L)))
            .addRawInputContents(ByteString.EMPTY)
            .build()
            .toByteArray(),
        ModelInferRequest.newBuilder()
            .addInputs(
                InferInputTensor.newBuilder()
                    .setContents(
                        InferTensorContents.newBuilder()
                            .addAllBytesContents(
                                Collections.nCopies(MANY, ByteString.copyFromUtf8("a")))))
            .build()
            .toByteArray(),
        parameters(),
        // Floats that are written as integers: fields that nobody knows.
        nested(5, nested(5, numbers(6))));
  }

  private static byte[] parameters() {
    InferInputTensor.Builder input = InferInputTensor.newBuilder();
    IntStream.range(0, MANY / 4)
        .forEach(i -> input.putParameters("" + i, InferParameter.getDefaultInstance()));
    return ModelInferRequest.newBuilder().addInputs(input).build().toByteArray();
  }

  @ParameterizedTest
  @MethodSource
  void shouldRefuseFieldsWithoutEndBeforeItTakesMemory(byte[] message) {
    long before = allocated();

    InferRequest read = new InferMarshaller().parse(new ByteArrayInputStream(message));

    assertThat(allocated() - before).isLessThan(3L * message.length + (1 << 20));
    assertThatThrownBy(read::modelName).isInstanceOf(BadInput.class).hasMessageNotContaining("\n");
  }

  static Stream<Arguments> shouldSayWhatIsWrongWithADamagedMessage() {
    byte[] noText = {0x0a, 2, (byte) 0xc3, (byte) 0x28};
    // A shape whose one dimension ends within it.
    byte[] shape = nested(5, new byte[] {0x1a, 1, (byte) 0x80});
    return Stream.of(
        Arguments.of("a name that is no UTF-8", noText, "invalid UTF-8"),
        Arguments.of("a dimension that is cut off", shape, "ended unexpectedly"),
        Arguments.of("a length beyond the end", new byte[] {0x0a, 9, 'a'}, "beyond the end"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void shouldSayWhatIsWrongWithADamagedMessage(String what, byte[] message, String words) {
    InferRequest read = new InferMarshaller().parse(new ByteArrayInputStream(message));

    assertThatThrownBy(read::modelName)
        .isInstanceOf(BadInput.class)
        .hasMessageStartingWith("the request cannot be read: ")
        .hasMessageContaining(words)
        .hasMessageNotContaining("\n");
  }

  @Test
  void shouldSayThatACompressedMessageIsDamaged() throws IOException {
    byte[] noBlock = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff, 7, 7};

    InferRequest read =
        new InferMarshaller().parse(new GZIPInputStream(new ByteArrayInputStream(noBlock)));

    assertThatThrownBy(read::modelName)
        .isInstanceOf(BadInput.class)
        .hasMessage("the request cannot be read: invalid block type");
  }

  @Test
  void shouldReadAsManyValuesAsAMessageHolds() {
    InferTensorContents.Builder values = InferTensorContents.newBuilder();
    IntStream.range(0, 100_000).forEach(values::addUintContents);
    ModelInferRequest packed =
        ModelInferRequest.newBuilder()
            .setModelName("digits")
            .addInputs(InferInputTensor.newBuilder().setContents(values))
            .build();

    assertThat(read(packed).modelName()).isEqualTo("digits");
  }

  @Test
  void shouldReadFieldsThatNobodyKnows() {
    UnknownFieldSet unknown =
        UnknownFieldSet.newBuilder()
            .addField(900, UnknownFieldSet.Field.newBuilder().addVarint(7).build())
            .build();
    ModelInferRequest request =
        ModelInferRequest.newBuilder().setModelName("größe").setUnknownFields(unknown).build();

    assertThat(read(request).modelName()).isEqualTo("größe");
  }

  private static InferRequest read(ModelInferRequest request) {
    return new InferMarshaller().parse(new ByteArrayInputStream(request.toByteArray()));
  }

  /** {@link #MANY} fields of that number, each of {@code length} bytes. */
  private static byte[] repeated(int field, int length) {
    byte[] message = new byte[MANY * (2 + length)];
    for (int i = 0; i < message.length; i += 2 + length) {
      message[i] = (byte) (field << 3 | 2);
      message[i + 1] = (byte) length;
    }
    return message;
  }

  private static byte[] numbers(int field) {
    byte[] message = new byte[MANY * 3];
    for (int i = 0; i < message.length; i += 3) {
      message[i] = (byte) (field << 3);
      message[i + 1] = (byte) 0xff;
      message[i + 2] = 0x7f;
    }
    return message;
  }

  private static byte[] nested(int field, byte[] message) {
    byte[] head = new byte[1 + CodedOutputStream.computeUInt32SizeNoTag(message.length)];
    CodedOutputStream out = CodedOutputStream.newInstance(head);
    try {
      out.writeRawByte((byte) (field << 3 | 2));
      out.writeUInt32NoTag(message.length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return joined(head, message);
  }

  private static byte[] joined(byte[] first, byte[] second) {
    return ByteString.copyFrom(first).concat(ByteString.copyFrom(second)).toByteArray();
  }

  private static long allocated() {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    return threads.getCurrentThreadAllocatedBytes();
  }
}
