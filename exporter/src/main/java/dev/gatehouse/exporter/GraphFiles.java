package dev.gatehouse.exporter;

import dev.gatehouse.exporter.graph.OnnxFile;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes graphs to files: each to one, or where its weights are many to {@code NAME.onnx} and
 * {@code NAME.onnx.data}, since protobuf ends at 2 GiB.
 *
 * @param mostInside weights, in bytes, that may lie in the {@code .onnx} file itself
 */
public record GraphFiles(long mostInside) {
  private static final String DATA = ".data";

  /** Up to 1 GiB of weights in one file. */
  public static final GraphFiles USUAL = new GraphFiles(1L << 30);

  /** Writes {@code graph} to {@code file}, and beside it where it must be. */
  public void write(Path file, OnnxFile graph) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    try (OutputStream out = stream(file)) {
      if (graph.constantBytes() <= mostInside) {
        graph.write(out);
        return;
      }
      String beside = file.getFileName() + DATA;
      try (OutputStream data = stream(file.resolveSibling(beside))) {
        graph.write(out, data, beside);
      }
    }
  }

  private static OutputStream stream(Path file) throws IOException {
    return new BufferedOutputStream(Files.newOutputStream(file), 1 << 16);
  }
}
