package dev.gatehouse.bench.serve;

import com.google.protobuf.ByteString;
import dev.gatehouse.bench.model.RowSet;
import dev.gatehouse.proto.bundle.Manifest;
import dev.gatehouse.proto.file.AtomicFiles;
import dev.gatehouse.proto.oip.ModelInferRequest;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Encoded requests, as a file that the load generator reads: for each its length, four bytes, big
 * endian, and its bytes.
 */
final class Requests {
  private Requests() {}

  /**
   * Requests with rows drawn at random, as 32-bit floats, which every side takes as they are.
   *
   * @param each rows of a request
   */
  static List<ModelInferRequest> draw(
      Manifest manifest, RowSet rows, int each, int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<ModelInferRequest> requests = new ArrayList<>();
    int length = manifest.input().shape().elements();
    for (int i = 0; i < count; i++) {
      ByteBuffer raw =
          ByteBuffer.allocateDirect(each * length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      int[] chosen = random.ints(each, 0, rows.size()).toArray();
      rows.batch(chosen).write(0, each, raw.asFloatBuffer(), 0);
      var tensor =
          ModelInferRequest.InferInputTensor.newBuilder()
              .setName(manifest.input().name())
              .setDatatype("FP32")
              .addShape(each);
      manifest.input().shape().dims().forEach(tensor::addShape);
      requests.add(
          ModelInferRequest.newBuilder()
              .setModelName(manifest.name())
              .addInputs(tensor)
              .addRawInputContents(ByteString.copyFrom(raw))
              .build());
    }
    return requests;
  }

  static void write(Path file, List<ModelInferRequest> requests) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      for (ModelInferRequest request : requests) {
        out.writeInt(request.getSerializedSize());
        request.writeTo(out);
      }
    }
    AtomicFiles.write(file, ByteBuffer.wrap(bytes.toByteArray()));
  }

  static List<byte[]> read(Path file) throws IOException {
    List<byte[]> requests = new ArrayList<>();
    try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
      while (true) {
        requests.add(in.readNBytes(in.readInt()));
      }
    } catch (EOFException e) {
      return requests;
    }
  }
}
