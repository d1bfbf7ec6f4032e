package dev.gatehouse.service.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.gatehouse.proto.oip.InferParameter;
import dev.gatehouse.proto.oip.InferTensorContents;
import dev.gatehouse.proto.oip.ModelInferRequest;
import dev.gatehouse.proto.oip.ModelInferRequest.InferInputTensor;
import dev.gatehouse.proto.oip.ModelInferRequest.InferRequestedOutputTensor;
import dev.gatehouse.service.rpc.wire.ReceivedBytes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The hand-written reader beside Protocol Buffers' own: it says the same, or leaves it alone. */
class RawInferRequestTest {
  private static final InferInputTensor INPUT =
      InferInputTensor.newBuilder()
          .setName("image")
          .setDatatype("UINT8")
          .addAllShape(List.of(2L, 1L, 4L))
          .build();
  private static final ModelInferRequest USUAL =
      ModelInferRequest.newBuilder()
          .setModelName("digits")
          .setModelVersion("3")
          .setId("a7")
          .addInputs(INPUT)
          .addOutputs(InferRequestedOutputTensor.newBuilder().setName("class"))
          .addRawInputContents(ByteString.copyFrom(new byte[] {1, 2, 3, 4, 5, 6, 7, -1}))
          .build();

  private static @Nullable RawInferRequest read(byte[] bytes) {
    return RawInferRequest.read(ReceivedBytes.of(new ByteArrayInputStream(bytes)));
  }

  @Test
  void shouldReadWhatNearlyEveryCallerSends() {
    RawInferRequest read = read(USUAL.toByteArray());

    assertThat(read).isNotNull();
    requireSame(read, USUAL);
  }

  @Test
  void shouldLeaveEveryOtherFormToTheLibrary() {
    InferParameter one = InferParameter.newBuilder().setInt64Param(1).build();
    List<ModelInferRequest.Builder> others =
        List.of(
            USUAL.toBuilder().putParameters("priority", one),
            USUAL.toBuilder().setInputs(0, INPUT.toBuilder().putParameters("x", one)),
            USUAL.toBuilder()
                .setInputs(0, INPUT.toBuilder().setContents(InferTensorContents.newBuilder())),
            USUAL.toBuilder().addInputs(INPUT),
            USUAL.toBuilder().addRawInputContents(ByteString.EMPTY),
            USUAL.toBuilder().clearRawInputContents(),
            USUAL.toBuilder().clearInputs(),
            USUAL.toBuilder().setModelName("größe"),
            USUAL.toBuilder()
                .setOutputs(0, USUAL.getOutputs(0).toBuilder().putParameters("x", one)));

    assertThat(others).allSatisfy(other -> assertThat(read(other.build().toByteArray())).isNull());
  }

  @Test
  void shouldReadFieldsInAnyOrderAndPassOverUnknownOnes() throws IOException {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 2000; i++) {
      byte[] bytes = shuffled(random);

      RawInferRequest read = read(bytes);

      assertThat(read).as("seed %d, case %d", seed, i).isNotNull();
      requireSame(read, ModelInferRequest.parseFrom(bytes));
    }
  }

  @Test
  void shouldSayTheSameAsTheLibraryOfMutatedMessagesOrNothing() throws IOException {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    int understood = 0;
    for (int i = 0; i < 50_000; i++) {
      byte[] bytes = mutated(shuffled(random), random);
      RawInferRequest read = read(bytes);
      if (read != null) {
        understood++;
        try {
          requireSame(read, ModelInferRequest.parseFrom(bytes));
        } catch (InvalidProtocolBufferException e) {
          throw new AssertionError(
              "seed %d, case %d: read what the library refuses".formatted(seed, i), e);
        }
      }
    }
    assertThat(understood).as("seed %d: mutations that are still requests", seed).isPositive();
  }

  private static void requireSame(@Nullable RawInferRequest read, ModelInferRequest library) {
    Objects.requireNonNull(read);
    assertThat(read.modelName()).isEqualTo(library.getModelName());
    assertThat(read.modelVersion()).isEqualTo(library.getModelVersion());
    assertThat(read.id()).isEqualTo(library.getId());
    assertThat(library.getInputsCount()).isEqualTo(1);
    assertThat(library.getParametersCount()).isZero();
    InferInputTensor input = library.getInputs(0);
    assertThat(input.getParametersCount()).isZero();
    assertThat(input.hasContents()).isFalse();
    assertThat(read.inputName()).isEqualTo(input.getName());
    assertThat(read.datatype()).isEqualTo(input.getDatatype());
    assertThat(read.shape()).isEqualTo(input.getShapeList());
    assertThat(read.outputNames())
        .isEqualTo(
            library.getOutputsList().stream().map(InferRequestedOutputTensor::getName).toList());
    assertThat(library.getRawInputContentsCount()).isEqualTo(1);
    assertThat(ByteString.copyFrom(read.raw().duplicate()))
        .isEqualTo(library.getRawInputContents(0));
  }

  /** The fields of a random request in a random order, with fields that nobody knows. */
  private static byte[] shuffled(Random random) throws IOException {
    List<byte[]> fields = new ArrayList<>();
    fields.add(field(1, text(random)));
    fields.add(field(2, text(random)));
    fields.add(field(3, text(random)));
    fields.add(field(1, text(random)));
    List<byte[]> input = new ArrayList<>();
    input.add(field(1, text(random)));
    input.add(field(2, text(random)));
    input.add(random.nextBoolean() ? packed(random) : single(random));
    input.add(packed(random));
    input.add(unknown(random));
    Collections.shuffle(input, random);
    fields.add(field(5, joined(input)));
    for (int i = random.nextInt(3); i > 0; i--) {
      fields.add(field(6, joined(List.of(unknown(random), field(1, text(random))))));
    }
    byte[] raw = new byte[random.nextInt(300)];
    random.nextBytes(raw);
    fields.add(field(7, raw));
    fields.add(unknown(random));
    fields.add(unknown(random));
    Collections.shuffle(fields, random);
    return joined(fields);
  }

  private static byte[] text(Random random) {
    byte[] text = new byte[random.nextInt(8)];
    for (int i = 0; i < text.length; i++) {
      text[i] = (byte) (' ' + random.nextInt(90));
    }
    return text;
  }

  private static byte[] field(int number, byte[] value) throws IOException {
    return written(out -> out.writeByteArray(number, value));
  }

  private static byte[] packed(Random random) throws IOException {
    byte[] values = written(out -> out.writeInt64NoTag(random.nextLong()));
    byte[] more = written(out -> out.writeInt64NoTag(random.nextInt(5)));
    return field(3, joined(List.of(values, more)));
  }

  private static byte[] single(Random random) throws IOException {
    return written(out -> out.writeInt64(3, random.nextInt(1000)));
  }

  private static byte[] unknown(Random random) throws IOException {
    int number = 100 + random.nextInt(1000);
    return written(
        out -> {
          switch (random.nextInt(4)) {
            case 0 -> out.writeInt64(number, random.nextLong());
            case 1 -> out.writeFixed64(number, random.nextLong());
            case 2 -> out.writeFixed32(number, random.nextInt());
            default -> out.writeByteArray(number, text(random));
          }
        });
  }

  private interface Writing {
    void to(CodedOutputStream out) throws IOException;
  }

  private static byte[] written(Writing writing) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    writing.to(out);
    out.flush();
    return bytes.toByteArray();
  }

  private static byte[] joined(List<byte[]> parts) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    parts.forEach(bytes::writeBytes);
    return bytes.toByteArray();
  }

  private static byte[] mutated(byte[] bytes, Random random) {
    byte[] mutated = bytes.clone();
    for (int i = 1 + random.nextInt(3); i > 0 && mutated.length > 0; i--) {
      switch (random.nextInt(3)) {
        case 0 -> mutated[random.nextInt(mutated.length)] = (byte) random.nextInt(256);
        case 1 -> mutated[random.nextInt(mutated.length)] ^= (byte) (1 << random.nextInt(8));
        default -> mutated = Arrays.copyOf(mutated, random.nextInt(mutated.length + 1));
      }
    }
    return mutated;
  }
}
