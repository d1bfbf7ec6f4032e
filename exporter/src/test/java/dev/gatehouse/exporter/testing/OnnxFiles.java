package dev.gatehouse.exporter.testing;

import ai.onnx.proto.OnnxMl.ModelProto;
import dev.gatehouse.exporter.graph.OnnxFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Graphs as files and as messages. */
public final class OnnxFiles {
  private OnnxFiles() {}

  /** Writes {@code graph} to {@code file}. */
  public static void write(OnnxFile graph, Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      graph.write(out);
    }
  }

  /** {@code graph} as it was written and is read again. */
  public static ModelProto parse(OnnxFile graph) throws IOException {
    return ModelProto.parseFrom(bytes(graph));
  }

  /** The bytes of {@code graph}. */
  public static byte[] bytes(OnnxFile graph) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    graph.write(bytes);
    return bytes.toByteArray();
  }
}
