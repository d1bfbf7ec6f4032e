package dev.gatehouse.service.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.google.protobuf.ByteString;
import dev.gatehouse.proto.oip.GRPCInferenceServiceGrpc;
import dev.gatehouse.proto.oip.InferParameter;
import dev.gatehouse.proto.oip.InferTensorContents;
import dev.gatehouse.proto.oip.ModelInferRequest;
import dev.gatehouse.proto.oip.ModelMetadataRequest;
import dev.gatehouse.proto.oip.ModelReadyRequest;
import dev.gatehouse.proto.v1.Images;
import dev.gatehouse.proto.v1.PredictRequest;
import dev.gatehouse.proto.v1.PredictionServiceGrpc;
import dev.gatehouse.proto.v1.Tensor;
import dev.gatehouse.service.testing.Golden;
import dev.gatehouse.service.testing.Infer;
import dev.gatehouse.service.testing.Png;
import dev.gatehouse.service.testing.RunningServer;
import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each mistake of a caller gets the protocol's status and one line that names it. */
class RefusalTest {
  private static final Golden GOLDEN = Golden.of(Golden.TOP1);

  private static RunningServer server;

  @BeforeAll
  static void start() {
    server = RunningServer.ofGolden();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  static Stream<Arguments> shouldRefuseInference() {
    ModelInferRequest good = Infer.rawUint8(GOLDEN).build();
    ModelInferRequest typed = Infer.typedUint8(GOLDEN).build();
    InferParameter parameter = InferParameter.newBuilder().setInt64Param(3).build();
    ByteString bytes = good.getRawInputContents(0);
    return Stream.of(
        notFound("unknown model 'nobody'", good.toBuilder().setModelName("nobody")),
        notFound("unknown model ''", good.toBuilder().clearModelName()),
        notFound("has no version 7; served: [1]", good.toBuilder().setModelVersion("7")),
        notFound("has no version 4294967297", good.toBuilder().setModelVersion("4294967297")),
        invalid("version='latest'", good.toBuilder().setModelVersion("latest")),
        invalid("has 4095 bytes", good.toBuilder().setRawInputContents(0, bytes.substring(1))),
        invalid("contents beside raw", typed.toBuilder().addRawInputContents(bytes)),
        invalid("raw_input_contents has 2 entries", good.toBuilder().addRawInputContents(bytes)),
        invalid("has no data", good.toBuilder().clearRawInputContents()),
        invalid("takes one input, 'image'; the request has 0", good.toBuilder().clearInputs()),
        invalid("the request has 2", good.toBuilder().addInputs(good.getInputs(0))),
        invalid("unknown input 'picture'", edit(good, i -> i.setName("picture"))),
        invalid("'INT8', the model takes UINT8 or FP32", edit(good, i -> i.setDatatype("INT8"))),
        invalid("data type 'uint8'", edit(good, i -> i.setDatatype("uint8"))),
        invalid("takes [-1, 1, 8, 8] or [-1, 64]", edit(good, i -> i.setShape(3, 9))),
        invalid("has the shape []", edit(good, i -> i.clearShape())),
        invalid("rows=-1", edit(good, i -> i.setShape(0, -1))),
        invalid("rows=0", edit(good, i -> i.setShape(0, 0))),
        invalid("rows=4611686018427387905", edit(good, i -> i.setShape(0, (1L << 62) + 1))),
        invalid("rows=2147483647", edit(good, i -> i.setShape(0, Integer.MAX_VALUE))),
        invalid("unknown output 'logits'", good.toBuilder().addOutputs(Infer.output("logits"))),
        invalid(
            "'class' is asked for twice",
            good.toBuilder().addOutputs(Infer.output("class")).addOutputs(Infer.output("class"))),
        invalid(
            "a request has at most 1024 fields in all",
            good.toBuilder().addAllOutputs(Collections.nCopies(1100, Infer.output("class")))),
        invalid(
            "a request has at most 1024 fields in all",
            good.toBuilder().addAllInputs(Collections.nCopies(1100, good.getInputs(0)))),
        invalid(
            "a request has at most 1024 fields in all",
            edit(good, i -> i.addAllShape(Collections.nCopies(1100, 1L)))),
        invalid(
            "the parameter 'classification'",
            good.toBuilder()
                .addOutputs(
                    Infer.output("probabilities").toBuilder()
                        .putParameters("classification", parameter))),
        invalid(
            "parameter 'sequence_id'", good.toBuilder().putParameters("sequence_id", parameter)),
        invalid(
            "another list than uint_contents",
            contents(typed, InferTensorContents.newBuilder().addIntContents(1))),
        invalid(
            "another list than uint_contents",
            contents(typed, typed.getInputs(0).getContents().toBuilder().addBoolContents(true))),
        invalid(
            "has 1 values", contents(typed, InferTensorContents.newBuilder().addUintContents(1))),
        invalid(
            "value=256",
            contents(typed, typed.getInputs(0).getContents().toBuilder().setUintContents(5, 256))),
        invalid(
            "value=4294967295",
            contents(typed, typed.getInputs(0).getContents().toBuilder().setUintContents(5, -1))));
  }

  @ParameterizedTest(name = "{1}: {0}")
  @MethodSource
  void shouldRefuseInference(String words, Status.Code code, ModelInferRequest request) {
    requireRefusal(words, code, () -> server.inference().modelInfer(request));
  }

  static Stream<Arguments> shouldRefuseValuesOutsideTheRange() {
    return Stream.of(-0.5f, 255.5f, Float.NaN, Float.POSITIVE_INFINITY).map(Arguments::arguments);
  }

  @ParameterizedTest
  @MethodSource
  void shouldRefuseValuesOutsideTheRange(float value) {
    byte[] floats = Golden.asFp32(GOLDEN.bytes());
    ByteBuffer.wrap(floats).order(ByteOrder.LITTLE_ENDIAN).putFloat(4 * (64 + 3), value);
    ModelInferRequest raw =
        Infer.request(GOLDEN, "FP32").addRawInputContents(ByteString.copyFrom(floats)).build();
    PredictRequest ours =
        PredictRequest.newBuilder()
            .setModel(Golden.TOP1)
            .setTensor(
                Tensor.newBuilder().setRows(GOLDEN.rows()).setFp32(ByteString.copyFrom(floats)))
            .build();

    requireRefusal("1", Status.Code.INVALID_ARGUMENT, () -> server.inference().modelInfer(raw));
    requireRefusal("1", Status.Code.INVALID_ARGUMENT, () -> server.predictions().predict(ours));
  }

  static Stream<Arguments> shouldRefuseWhatIsNoValueOfACategory() {
    return Stream.of(-1f, 3f, 0.5f, Float.NaN).map(Arguments::arguments);
  }

  @ParameterizedTest
  @MethodSource
  void shouldRefuseWhatIsNoValueOfACategory(float colour) {
    ByteBuffer row = ByteBuffer.allocate(20).order(ByteOrder.LITTLE_ENDIAN);
    row.putFloat(120).putFloat(colour).putFloat(80).putFloat(0).putFloat(1);
    PredictRequest request =
        PredictRequest.newBuilder()
            .setModel(Golden.TABLE)
            .setTensor(Tensor.newBuilder().setRows(1).setFp32(ByteString.copyFrom(row.flip())))
            .build();

    requireRefusal(
        "features", Status.Code.INVALID_ARGUMENT, () -> server.predictions().predict(request));
  }

  static Stream<Arguments> shouldRefusePredictions() {
    PredictRequest.Builder good =
        PredictRequest.newBuilder()
            .setModel(Golden.TOP1)
            .setTensor(Tensor.newBuilder().setRows(1).setUint8(ByteString.copyFrom(new byte[64])));
    Tensor.Builder short1 =
        Tensor.newBuilder().setRows(1).setUint8(ByteString.copyFrom(new byte[63]));
    return Stream.of(
        notFound("name a model", good.clone().clearModel()),
        notFound("unknown model 'nobody'", good.clone().setModel("nobody")),
        notFound("no version 2", good.clone().setVersion(2)),
        notFound("version=-1", good.clone().setVersion(-1)),
        invalid("neither images nor a tensor", good.clone().clearTensor()),
        invalid("neither uint8 nor fp32", good.clone().setTensor(Tensor.newBuilder().setRows(1))),
        invalid("rows=0", good.clone().setTensor(good.getTensor().toBuilder().setRows(0))),
        invalid("has 64 bytes", good.clone().setTensor(good.getTensor().toBuilder().setRows(2))),
        invalid("has 63 bytes", good.clone().setTensor(short1)),
        invalid("rows=0", good.clone().setImages(Images.newBuilder())),
        invalid("image 1: has 9 x 8 pixels", images(Png.grey(new byte[72], 9, 8))),
        invalid("image 1: is neither PNG nor JPEG", images(new byte[] {'G', 'I', 'F', '8'})),
        invalid("image 1: is damaged", images(Arrays.copyOf(Png.grey(new byte[64], 8, 8), 40))),
        invalid(
            "a request has at most 1024 fields in all",
            good.clone()
                .setImages(
                    Images.newBuilder()
                        .addAllEncoded(Collections.nCopies(1100, ByteString.EMPTY)))));
  }

  @ParameterizedTest(name = "{1}: {0}")
  @MethodSource
  void shouldRefusePredictions(String words, Status.Code code, PredictRequest request) {
    requireRefusal(words, code, () -> server.predictions().predict(request));
  }

  @Test
  void shouldRefuseQuestionsAboutModelsItDoesNotHave() {
    requireRefusal(
        "unknown model 'nobody'",
        Status.Code.NOT_FOUND,
        () ->
            server
                .inference()
                .modelReady(ModelReadyRequest.newBuilder().setName("nobody").build()));
    requireRefusal(
        "no version 9",
        Status.Code.NOT_FOUND,
        () ->
            server
                .inference()
                .modelMetadata(
                    ModelMetadataRequest.newBuilder()
                        .setName(Golden.TOP1)
                        .setVersion("9")
                        .build()));
  }

  /** Sends bytes that no client of the protocol would. */
  private static void send(MethodDescriptor<?, ?> method, byte[] request) {
    MethodDescriptor.Marshaller<byte[]> bytes =
        new MethodDescriptor.Marshaller<>() {
          @Override
          public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
          }

          @Override
          public byte[] parse(InputStream stream) {
            return new byte[0];
          }
        };
    ClientCalls.blockingUnaryCall(
        server.channel(), method.toBuilder(bytes, bytes).build(), CallOptions.DEFAULT, request);
  }

  @Test
  void shouldSayThatARequestIsDamagedAndCountIt() {
    byte[] noText = {0x0a, 2, (byte) 0xc3, (byte) 0x28};
    double before = refused();
    for (MethodDescriptor<?, ?> method :
        List.of(
            GRPCInferenceServiceGrpc.getModelInferMethod(),
            PredictionServiceGrpc.getPredictMethod())) {
      requireRefusal(
          "the request cannot be read: ", Status.Code.INVALID_ARGUMENT, () -> send(method, noText));
    }

    assertThat(refused()).isEqualTo(before + 2);
  }

  private static double refused() {
    return server.scrape().sum("gatehouse_refused_requests_total", "reason", "invalid_argument");
  }

  @Test
  void shouldRefuseANameWhoseEchoWouldNotFitAHeader() {
    ModelInferRequest request = Infer.rawUint8(GOLDEN).setModelName("ä".repeat(20_000)).build();

    requireRefusal(
        "unknown model 'ää", Status.Code.NOT_FOUND, () -> server.inference().modelInfer(request));
  }

  @Test
  void shouldNotComputeWhatNobodyWaitsFor() {
    double before = server.scrape().sum("gatehouse_rows_total");

    requireRefusal(
        "deadline",
        Status.Code.DEADLINE_EXCEEDED,
        () ->
            server
                .inference()
                .withDeadlineAfter(-1, TimeUnit.SECONDS)
                .modelInfer(Infer.rawUint8(GOLDEN).build()));

    assertThat(server.scrape().sum("gatehouse_rows_total")).isEqualTo(before);
  }

  private interface Edit {
    void edit(ModelInferRequest.InferInputTensor.Builder input);
  }

  private static ModelInferRequest.Builder edit(ModelInferRequest request, Edit edit) {
    ModelInferRequest.Builder builder = request.toBuilder();
    edit.edit(builder.getInputsBuilder(0));
    return builder;
  }

  private static ModelInferRequest.Builder contents(
      ModelInferRequest request, InferTensorContents.Builder contents) {
    return edit(request, input -> input.setContents(contents));
  }

  private static PredictRequest.Builder images(byte[] second) {
    return PredictRequest.newBuilder()
        .setModel(Golden.TOP1)
        .setImages(
            Images.newBuilder()
                .addEncoded(ByteString.copyFrom(Png.grey(new byte[64], 8, 8)))
                .addEncoded(ByteString.copyFrom(second)));
  }

  private static Arguments invalid(String words, ModelInferRequest.Builder request) {
    return arguments(words, Status.Code.INVALID_ARGUMENT, request.build());
  }

  private static Arguments notFound(String words, ModelInferRequest.Builder request) {
    return arguments(words, Status.Code.NOT_FOUND, request.build());
  }

  private static Arguments invalid(String words, PredictRequest.Builder request) {
    return arguments(words, Status.Code.INVALID_ARGUMENT, request.build());
  }

  private static Arguments notFound(String words, PredictRequest.Builder request) {
    return arguments(words, Status.Code.NOT_FOUND, request.build());
  }

  private static void requireRefusal(String words, Status.Code code, Runnable call) {
    StatusRuntimeException refusal = catchThrowableOfType(StatusRuntimeException.class, call::run);
    assertThat(refusal.getStatus().getCode()).as(refusal.getMessage()).isEqualTo(code);
    assertThat(refusal.getStatus().getDescription()).contains(words).doesNotContain("\n");
  }
}
