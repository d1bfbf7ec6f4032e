package dev.gatehouse.bench.serve;

import dev.gatehouse.proto.bundle.Manifest;
import dev.gatehouse.proto.oip.GRPCInferenceServiceGrpc;
import dev.gatehouse.proto.oip.ModelInferRequest;
import dev.gatehouse.proto.oip.ModelInferResponse;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** What a server says to some requests: sides that are compared must say the same. */
record Answers(List<ModelInferResponse> responses) {
  /** Sides run ONNX Runtimes of several versions. */
  private static final float TOLERANCE = 1e-4f;

  /** Asks a server. */
  static Answers of(Contender server, List<ModelInferRequest> requests) {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", server.port()).usePlaintext().build();
    try {
      var stub = GRPCInferenceServiceGrpc.newBlockingStub(channel);
      return new Answers(requests.stream().map(stub::modelInfer).toList());
    } finally {
      channel.shutdownNow();
    }
  }

  /**
   * Checks that {@code other} gives the same class probabilities.
   *
   * @throws IllegalStateException where it does not
   */
  void requireSame(Answers other, String name) {
    for (int i = 0; i < responses.size(); i++) {
      float[] expected = probabilities(responses.get(i));
      float[] said = probabilities(other.responses().get(i));
      for (int c = 0; c < expected.length; c++) {
        if (said.length != expected.length || !(Math.abs(expected[c] - said[c]) <= TOLERANCE)) {
          throw new IllegalStateException(name + " answers otherwise than Gatehouse");
        }
      }
    }
  }

  private static float[] probabilities(ModelInferResponse response) {
    for (int i = 0; i < response.getOutputsCount(); i++) {
      if (response.getOutputs(i).getName().equals(Manifest.PROBABILITIES)) {
        ByteBuffer raw = response.getRawOutputContents(i).asReadOnlyByteBuffer();
        float[] values = new float[raw.remaining() / Float.BYTES];
        raw.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
        return values;
      }
    }
    return new float[0];
  }
}
