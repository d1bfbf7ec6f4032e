package dev.gatehouse.service.testing;

import com.google.protobuf.ByteString;
import dev.gatehouse.proto.oip.InferTensorContents;
import dev.gatehouse.proto.oip.ModelInferRequest;
import dev.gatehouse.proto.oip.ModelInferRequest.InferInputTensor;
import dev.gatehouse.proto.oip.ModelInferRequest.InferRequestedOutputTensor;
import dev.gatehouse.proto.oip.ModelInferResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Requests and answers of {@code ModelInfer}. */
public final class Infer {
  private Infer() {}

  /** All the self-test's rows, raw bytes. */
  public static ModelInferRequest.Builder rawUint8(Golden golden) {
    return request(golden, "UINT8").addRawInputContents(ByteString.copyFrom(golden.bytes()));
  }

  /** All the self-test's rows, raw floats. */
  public static ModelInferRequest.Builder rawFp32(Golden golden) {
    return request(golden, "FP32")
        .addRawInputContents(ByteString.copyFrom(Golden.asFp32(golden.bytes())));
  }

  /** All the self-test's rows as a list of unsigned integers. */
  public static ModelInferRequest.Builder typedUint8(Golden golden) {
    InferTensorContents.Builder contents = InferTensorContents.newBuilder();
    for (byte value : golden.bytes()) {
      contents.addUintContents(value & 0xff);
    }
    return typed(request(golden, "UINT8"), contents);
  }

  /** All the self-test's rows as a list of floats. */
  public static ModelInferRequest.Builder typedFp32(Golden golden) {
    InferTensorContents.Builder contents = InferTensorContents.newBuilder();
    for (byte value : golden.bytes()) {
      contents.addFp32Contents(value & 0xff);
    }
    return typed(request(golden, "FP32"), contents);
  }

  /** A request without data, for all the self-test's rows. */
  public static ModelInferRequest.Builder request(Golden golden, String datatype) {
    InferInputTensor.Builder input =
        InferInputTensor.newBuilder()
            .setName(golden.manifest().input().name())
            .setDatatype(datatype)
            .addShape(golden.rows());
    golden.manifest().input().shape().dims().forEach(input::addShape);
    return ModelInferRequest.newBuilder().setModelName(golden.manifest().name()).addInputs(input);
  }

  /** An output to ask for. */
  public static InferRequestedOutputTensor output(String name) {
    return InferRequestedOutputTensor.newBuilder().setName(name).build();
  }

  /** A raw FP32 output of an answer. */
  public static float[] floats(ModelInferResponse answer, String name) {
    ByteBuffer bytes = raw(answer, name);
    float[] values = new float[bytes.remaining() / Float.BYTES];
    bytes.asFloatBuffer().get(values);
    return values;
  }

  /** A raw INT64 output of an answer. */
  public static long[] longs(ModelInferResponse answer, String name) {
    ByteBuffer bytes = raw(answer, name);
    long[] values = new long[bytes.remaining() / Long.BYTES];
    bytes.asLongBuffer().get(values);
    return values;
  }

  private static ModelInferRequest.Builder typed(
      ModelInferRequest.Builder request, InferTensorContents.Builder contents) {
    request.getInputsBuilder(0).setContents(contents);
    return request;
  }

  private static ByteBuffer raw(ModelInferResponse answer, String name) {
    for (int i = 0; i < answer.getOutputsCount(); i++) {
      if (answer.getOutputs(i).getName().equals(name)) {
        return answer.getRawOutputContents(i).asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
      }
    }
    throw new AssertionError("no output " + name);
  }
}
