package dev.gatehouse.service.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.ByteString;
import dev.gatehouse.proto.bundle.Manifest;
import dev.gatehouse.proto.oip.ModelInferRequest;
import dev.gatehouse.proto.oip.ModelInferResponse;
import dev.gatehouse.proto.oip.ModelInferResponse.InferOutputTensor;
import dev.gatehouse.proto.v1.Images;
import dev.gatehouse.proto.v1.PredictRequest;
import dev.gatehouse.proto.v1.PredictResponse;
import dev.gatehouse.proto.v1.Prediction;
import dev.gatehouse.proto.v1.Tensor;
import dev.gatehouse.service.testing.Golden;
import dev.gatehouse.service.testing.Infer;
import dev.gatehouse.service.testing.Png;
import dev.gatehouse.service.testing.RunningServer;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every way to send rows, over a real port, against what the trained models themselves said. */
class RoundTripTest {
  private static RunningServer server;

  @BeforeAll
  static void start() {
    server = RunningServer.ofGolden();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {Golden.TOP1, Golden.TOP2, Golden.DENSE, Golden.SINGLE})
  void shouldAnswerWhatTheTrainedModelSaid(String name) {
    Golden golden = Golden.of(name);

    PredictResponse answer = server.predictions().predict(uint8(golden).setRouting(true).build());

    assertThat(answer.getModel()).isEqualTo(name);
    assertThat(answer.getVersion()).isEqualTo(1);
    assertThat(answer.getPredictionsCount()).isEqualTo(golden.rows());
    int classes = golden.manifest().classes().size();
    int experts = golden.manifest().experts();
    for (int row = 0; row < golden.rows(); row++) {
      Prediction prediction = answer.getPredictions(row);
      int best = 0;
      for (int c = 0; c < classes; c++) {
        float expected = golden.selfTest().outputs()[row * classes + c];
        assertThat(prediction.getProbabilities(c)).isCloseTo(expected, within(1e-4f));
        best = prediction.getProbabilities(c) > prediction.getProbabilities(best) ? c : best;
      }
      assertThat(prediction.getClassIndex()).isEqualTo(best);
      assertThat(prediction.getClassName()).isEqualTo(golden.manifest().classes().get(best));
      for (int e = 0; e < experts; e++) {
        float expected = golden.selfTest().gateProbabilities()[row * experts + e];
        assertThat(prediction.getRouting().getGateProbabilities(e))
            .isCloseTo(expected, within(1e-4f));
      }
    }
  }

  @Test
  void shouldRouteToTheGatesTwoMostProbableExperts() {
    Golden golden = Golden.of(Golden.TOP2);

    PredictResponse answer = server.predictions().predict(uint8(golden).setRouting(true).build());

    for (Prediction prediction : answer.getPredictionsList()) {
      var routing = prediction.getRouting();
      List<Float> gate = routing.getGateProbabilitiesList();
      List<Integer> byFallingProbability =
          IntStream.range(0, gate.size())
              .boxed()
              .sorted((a, b) -> Float.compare(gate.get(b), gate.get(a)))
              .limit(2)
              .toList();
      assertThat(routing.getExpertIndicesList()).isEqualTo(byFallingProbability);
      float first = gate.get(byFallingProbability.get(0));
      float second = gate.get(byFallingProbability.get(1));
      assertThat(routing.getExpertWeights(0)).isCloseTo(first / (first + second), within(1e-5f));
      assertThat(routing.getExpertWeights(1)).isCloseTo(second / (first + second), within(1e-5f));
    }
  }

  @Test
  void shouldLeaveRoutingOutUnlessAskedFor() {
    PredictResponse answer = server.predictions().predict(uint8(Golden.of(Golden.TOP1)).build());

    assertThat(answer.getPredictionsList()).noneMatch(Prediction::hasRouting);
  }

  @Test
  void shouldAnswerPngAndBytesAndFloatsAlike() {
    Golden golden = Golden.of(Golden.TOP2);
    PredictRequest.Builder request =
        PredictRequest.newBuilder().setModel(Golden.TOP2).setRouting(true);
    Images.Builder images = Images.newBuilder();
    for (int row = 0; row < golden.rows(); row++) {
      images.addEncoded(ByteString.copyFrom(Png.grey(golden.row(row), 8, 8)));
    }
    ByteString floats = ByteString.copyFrom(Golden.asFp32(golden.bytes()));

    PredictResponse fromBytes =
        server.predictions().predict(uint8(golden).setRouting(true).build());
    PredictResponse fromPng = server.predictions().predict(request.setImages(images).build());
    PredictResponse fromFloats =
        server
            .predictions()
            .predict(
                request
                    .setTensor(Tensor.newBuilder().setRows(golden.rows()).setFp32(floats))
                    .build());

    assertThat(fromPng).isEqualTo(fromBytes);
    assertThat(fromFloats).isEqualTo(fromBytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {Golden.TOP1, Golden.TOP2, Golden.CERTIFIED, Golden.DENSE, Golden.SINGLE})
  void shouldAnswerTheSameThroughBothServices(String name) {
    Golden golden = Golden.of(name);
    PredictResponse ours = server.predictions().predict(uint8(golden).setRouting(true).build());

    ModelInferResponse theirs =
        server.inference().modelInfer(withEveryOutput(Infer.rawUint8(golden)));

    float[] probabilities = Infer.floats(theirs, Manifest.PROBABILITIES);
    long[] classes = Infer.longs(theirs, Manifest.CLASS);
    long[] experts = Infer.longs(theirs, Manifest.EXPERT_INDICES);
    float[] weights = Infer.floats(theirs, Manifest.EXPERT_WEIGHTS);
    float[] gate = Infer.floats(theirs, Manifest.GATE_PROBABILITIES);
    int k = experts.length / golden.rows();
    int at = 0;
    int gated = 0;
    for (int row = 0; row < golden.rows(); row++) {
      Prediction prediction = ours.getPredictions(row);
      assertThat(classes[row]).isEqualTo(prediction.getClassIndex());
      for (float expected : prediction.getProbabilitiesList()) {
        assertThat(probabilities[at++]).isEqualTo(expected);
      }
      for (float expected : prediction.getRouting().getGateProbabilitiesList()) {
        assertThat(gate[gated++]).isEqualTo(expected);
      }
      int ran = prediction.getRouting().getExpertIndicesCount();
      for (int i = 0; i < k; i++) {
        int chosen = row * k + i;
        assertThat(experts[chosen])
            .isEqualTo(i < ran ? prediction.getRouting().getExpertIndices(i) : -1);
        assertThat(weights[chosen])
            .isEqualTo(i < ran ? prediction.getRouting().getExpertWeights(i) : 0);
      }
    }
    assertThat(at).isEqualTo(probabilities.length);
    assertThat(gated).isEqualTo(gate.length);
    assertThat(weights).hasSize(experts.length);
  }

  @Test
  void shouldNameTheExpertsThatACertifiedRowTook() {
    Golden golden = Golden.of(Golden.CERTIFIED);

    PredictResponse answer = server.predictions().predict(uint8(golden).setRouting(true).build());

    float[] dense = golden.selfTest().outputs();
    int[] rowsByExperts = new int[4];
    for (int row = 0; row < golden.rows(); row++) {
      Prediction prediction = answer.getPredictions(row);
      for (int c = 0; c < 4; c++) {
        assertThat(dense[row * 4 + c])
            .isLessThanOrEqualTo(dense[row * 4 + prediction.getClassIndex()]);
      }
      var routing = prediction.getRouting();
      assertThat(routing.getExpertIndicesList()).doesNotHaveDuplicates().doesNotContain(-1);
      assertThat(routing.getExpertWeightsList().stream().mapToDouble(w -> w).sum())
          .isCloseTo(1, within(1e-6));
      rowsByExperts[routing.getExpertIndicesCount()]++;
    }
    assertThat(rowsByExperts)
        .as("rows by the experts that they took")
        .containsExactly(0, 17, 21, 26);
  }

  @Test
  void shouldAnswerTypedWhatItAnswersRaw() {
    Golden golden = Golden.of(Golden.TOP1);
    ModelInferResponse raw = server.inference().modelInfer(withEveryOutput(Infer.rawFp32(golden)));

    for (ModelInferRequest.Builder typed :
        List.of(Infer.typedUint8(golden), Infer.typedFp32(golden))) {
      ModelInferResponse answer = server.inference().modelInfer(withEveryOutput(typed));

      assertThat(answer.getRawOutputContentsCount()).isZero();
      for (InferOutputTensor output : answer.getOutputsList()) {
        assertThat(values(output)).isEqualTo(rawValues(raw, output));
      }
    }
  }

  @Test
  void shouldTakeRowsThatAreFlat() {
    Golden golden = Golden.of(Golden.TOP1);
    ModelInferRequest.Builder flat = Infer.rawUint8(golden);
    flat.getInputsBuilder(0).clearShape().addShape(golden.rows()).addShape(golden.rowLength());

    assertThat(server.inference().modelInfer(flat.build()))
        .isEqualTo(server.inference().modelInfer(Infer.rawUint8(golden).build()));
  }

  @Test
  void shouldAnswerTheListedOutputsWhenNoneIsNamed() {
    ModelInferResponse answer =
        server
            .inference()
            .modelInfer(Infer.rawUint8(Golden.of(Golden.TOP1)).setId("a b/c").build());

    assertThat(answer.getOutputsList())
        .extracting(InferOutputTensor::getName)
        .containsExactly(Manifest.PROBABILITIES, Manifest.CLASS);
    assertThat(answer.getOutputs(0).getShapeList()).containsExactly(rows(), 4L);
    assertThat(answer.getOutputs(1).getShapeList()).containsExactly(rows());
    assertThat(answer.getOutputs(1).getDatatype()).isEqualTo("INT64");
    assertThat(answer.getId()).isEqualTo("a b/c");
    assertThat(answer.getModelVersion()).isEqualTo("1");
  }

  @Test
  void shouldAnswerExactlyTheNamedOutputs() {
    ModelInferResponse answer =
        server
            .inference()
            .modelInfer(
                Infer.rawUint8(Golden.of(Golden.TOP2))
                    .setModelVersion("1")
                    .addOutputs(Infer.output(Manifest.EXPERT_INDICES))
                    .addOutputs(Infer.output(Manifest.CLASS))
                    .build());

    assertThat(answer.getOutputsList())
        .extracting(InferOutputTensor::getName)
        .containsExactly(Manifest.EXPERT_INDICES, Manifest.CLASS);
    assertThat(answer.getRawOutputContentsCount()).isEqualTo(2);
    assertThat(answer.getOutputs(0).getShapeList()).containsExactly(rows(), 2L);
  }

  private static long rows() {
    return Golden.of(Golden.TOP1).rows();
  }

  private static PredictRequest.Builder uint8(Golden golden) {
    return PredictRequest.newBuilder()
        .setModel(golden.manifest().name())
        .setTensor(
            Tensor.newBuilder()
                .setRows(golden.rows())
                .setUint8(ByteString.copyFrom(golden.bytes())));
  }

  private static ModelInferRequest withEveryOutput(ModelInferRequest.Builder request) {
    for (String name :
        List.of(
            Manifest.PROBABILITIES,
            Manifest.CLASS,
            Manifest.GATE_PROBABILITIES,
            Manifest.EXPERT_INDICES,
            Manifest.EXPERT_WEIGHTS)) {
      request.addOutputs(Infer.output(name));
    }
    return request.build();
  }

  private static List<? extends Number> values(InferOutputTensor output) {
    return output.getDatatype().equals("FP32")
        ? output.getContents().getFp32ContentsList()
        : output.getContents().getInt64ContentsList();
  }

  private static List<? extends Number> rawValues(ModelInferResponse raw, InferOutputTensor like) {
    if (like.getDatatype().equals("INT64")) {
      return java.util.Arrays.stream(Infer.longs(raw, like.getName())).boxed().toList();
    }
    float[] floats = Infer.floats(raw, like.getName());
    return IntStream.range(0, floats.length).mapToObj(i -> floats[i]).toList();
  }
}
