package dev.gatehouse.peers;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.NoBatchifyTranslator;
import ai.djl.translate.TranslatorContext;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.gatehouse.proto.oip.ModelInferRequest;
import dev.gatehouse.proto.oip.ModelInferResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** One tensor of 32-bit floats in; class probabilities and the class out. */
final class RawTensors implements NoBatchifyTranslator<ModelInferRequest, ModelInferResponse> {
  private static final String PROBABILITIES = "probabilities";
  private static final String CLASS = "class";

  @Override
  public NDList processInput(TranslatorContext context, ModelInferRequest request) {
    ByteString raw = request.getRawInputContents(0);
    ByteBuffer bytes = ByteBuffer.allocateDirect(raw.size()).order(ByteOrder.nativeOrder());
    raw.copyTo(bytes);
    bytes.flip();
    long[] shape =
        request.getInputs(0).getShapeList().stream().mapToLong(Long::longValue).toArray();
    NDArray array =
        context.getNDManager().create(bytes.asFloatBuffer(), new Shape(shape), DataType.FLOAT32);
    return new NDList(array);
  }

  @Override
  public ModelInferResponse processOutput(TranslatorContext context, NDList outputs) {
    ModelInferResponse.Builder response = ModelInferResponse.newBuilder();
    for (NDArray output : outputs) {
      String name = output.getName();
      if (PROBABILITIES.equals(name) || CLASS.equals(name)) {
        var tensor =
            response
                .addOutputsBuilder()
                .setName(name)
                .setDatatype(PROBABILITIES.equals(name) ? "FP32" : "INT64");
        for (long dimension : output.getShape().getShape()) {
          tensor.addShape(dimension);
        }
        ByteBuffer bytes = output.toByteBuffer();
        ByteBuffer copy = ByteBuffer.allocate(bytes.remaining());
        copy.put(bytes).flip();
        response.addRawOutputContents(UnsafeByteOperations.unsafeWrap(copy));
      }
    }
    return response.build();
  }
}
