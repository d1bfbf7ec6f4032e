package dev.gatehouse.bench.scale;

import dev.gatehouse.bench.measure.Machine;
import dev.gatehouse.engine.pipeline.MoeModel;
import dev.gatehouse.engine.runtime.OnnxRuntime;
import dev.gatehouse.proto.cli.ChildJvm;
import dev.gatehouse.proto.file.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * What opening a bundle costs in a process that has done nothing before, so that neither its memory
 * nor its classes hold anything of another model.
 *
 * @param ms from {@link MoeModel#open} to its return, ONNX Runtime being loaded already
 * @param residentBytes by which the process has grown; 0 where the system does not tell
 */
public record Opening(double ms, long residentBytes) {

  /** Opens the bundle in a process of its own. */
  static Opening of(Path bundle) throws IOException {
    Process process =
        ChildJvm.of(Opening.class, List.of(bundle.toString()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (var out = process.getInputStream()) {
      String said = new String(out.readAllBytes(), StandardCharsets.UTF_8);
      int code = process.waitFor();
      if (code != 0) {
        throw new IllegalStateException(bundle + ": opening it ended with code " + code);
      }
      return Json.parse(said, Opening.class, "the process that opens a bundle");
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** The process: opens the bundle that is named and prints what that took. */
  public static void main(String[] arguments) {
    ChildJvm.endWithParent();
    OnnxRuntime.load();
    long before = Machine.residentBytes();
    long start = System.nanoTime();
    MoeModel model = MoeModel.open(Path.of(arguments[0]));
    double ms = (System.nanoTime() - start) / 1e6;
    long grown = Math.max(0, Machine.residentBytes() - before);
    System.out.println(Json.line(new Opening(ms, grown)));
    model.close();
  }
}
