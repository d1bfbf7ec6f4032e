package dev.gatehouse.exporter.imports;

import dev.gatehouse.engine.runtime.Optimisation;
import dev.gatehouse.engine.runtime.Session;
import dev.gatehouse.engine.runtime.SessionSettings;
import dev.gatehouse.engine.runtime.Target;
import dev.gatehouse.exporter.onnx.OnnxGraph;
import dev.gatehouse.exporter.onnx.OnnxValue;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.bundle.Manifest;
import dev.gatehouse.proto.file.Sha256;
import dev.gatehouse.proto.network.InputSpec;
import dev.gatehouse.proto.network.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One file as it was handed in.
 *
 * @param file where it lies
 * @param sha256 of its bytes
 * @param graph what it holds
 */
record Original(Path file, String sha256, OnnxGraph graph) {

  /**
   * Reads a file.
   *
   * @throws BadInput when it is missing, no ONNX model, or takes anything but one input of floats
   */
  static Original read(Path file) {
    byte[] bytes;
    if (!Files.isRegularFile(file)) {
      throw new BadInput(file + ": no such file");
    }
    try {
      bytes = Files.readAllBytes(file);
    } catch (IOException e) {
      throw new BadInput(file + ": cannot be read: " + e.getMessage(), e);
    } catch (OutOfMemoryError e) {
      throw new BadInput(file + ": does not fit into memory", e);
    }
    Original original =
        new Original(file, Sha256.of(bytes), OnnxGraph.parse(bytes, file.toString()));
    original.requireOneInput();
    return original;
  }

  private void requireOneInput() {
    List<OnnxValue> inputs = graph.inputs();
    if (inputs.size() != 1) {
      throw new BadInput(
          "%s: takes %d inputs%s; a gate or an expert takes one"
              .formatted(file, inputs.size(), inputs.isEmpty() ? "" : ": " + names(inputs)));
    }
    if (!input().isFloat()) {
      throw new BadInput(
          "%s: its input '%s' is %s; 32-bit floats are needed"
              .formatted(file, input().name(), input().typeName()));
    }
  }

  private static String names(List<OnnxValue> values) {
    return values.stream().map(OnnxValue::name).collect(Collectors.joining(", "));
  }

  OnnxValue input() {
    return graph.inputs().get(0);
  }

  /**
   * The shape of a row.
   *
   * @param said what somebody says it is; fills in what the file leaves open
   * @throws BadInput when the file leaves a size open and nobody says it, or says another
   */
  Shape row(@Nullable Shape said) {
    List<OnnxValue.Size> sizes = input().sizes();
    String takes =
        "%s: its input '%s' has the shape %s".formatted(file, input().name(), input().shape());
    if (sizes == null) {
      if (said == null) {
        throw new BadInput(takes + "; say that of a row with --input-shape");
      }
      return said;
    }
    if (sizes.size() < 2 || (said != null && said.dims().size() != sizes.size() - 1)) {
      throw new BadInput(
          takes
              + (said == null ? "; rows first and then a row are needed" : ", no rows of " + said));
    }
    List<Integer> dims = new ArrayList<>();
    for (int i = 1; i < sizes.size(); i++) {
      OnnxValue.Size size = sizes.get(i);
      Integer wanted = said == null ? null : said.dims().get(i - 1);
      if (!size.isFixed() && wanted == null) {
        throw new BadInput(
            takes
                + ", whose size '%s' the data decide; say the shape of a row with --input-shape"
                    .formatted(size));
      }
      if (size.isFixed()
          && (size.value() > Integer.MAX_VALUE || (wanted != null && wanted != size.value()))) {
        throw new BadInput(takes + (said == null ? ", too large" : ", no rows of " + said));
      }
      dims.add(wanted == null ? (int) size.value() : wanted);
    }
    return new Shape(dims);
  }

  /**
   * The output that is taken: the one of that name, or else the first of floats with the shape
   * {@code [rows, width]}.
   *
   * @param width its width where that is known, else -1 for one of classes, 2 or more
   * @param option names the option that names it, in messages
   * @throws BadInput when there is none
   */
  OnnxValue output(Taken taken, int width, String option) {
    List<OnnxValue> outputs = graph.outputs();
    List<OnnxValue> fitting =
        outputs.stream()
            .filter(output -> taken.name() == null || output.name().equals(taken.name()))
            .filter(output -> fits(output, width))
            .toList();
    if (fitting.isEmpty()) {
      requireClasses(taken, width);
      throw new BadInput(
          "%s: has no output %sof 32-bit floats and the shape [rows, %s]; it gives %s"
              .formatted(
                  file,
                  taken.name() == null ? "" : "'" + taken.name() + "' (" + option + ") ",
                  width < 0 ? "classes" : Integer.toString(width),
                  outputs.stream()
                      .map(o -> "'%s' %s %s".formatted(o.name(), o.typeName(), o.shape()))
                      .collect(Collectors.joining(", "))));
    }
    return fitting.get(0);
  }

  /** Says what to do of a file with one score a row, as binary classifiers are often exported. */
  private void requireClasses(Taken taken, int width) {
    for (OnnxValue output : graph.outputs()) {
      boolean asked = taken.name() == null || output.name().equals(taken.name());
      if (asked && width != 1 && fits(output, 1) && width(output) == 1) {
        throw new BadInput(
            "%s: '%s' gives one number a row; export one output a class"
                .formatted(file, output.name()));
      }
    }
  }

  /** A single number a row tells no classes apart: beside the logits it is something else. */
  private static boolean fits(OnnxValue output, int width) {
    if (!output.isFloat() || (output.sizes() != null && output.sizes().size() != 2)) {
      return false;
    }
    int found = width(output);
    return width < 0 ? found >= Manifest.LEAST_CLASSES : found < 0 || found == width;
  }

  /** The width of an output {@code [rows, width]}; -1 where it is not known. */
  static int width(OnnxValue output) {
    List<OnnxValue.Size> sizes = output.sizes();
    return sizes == null || sizes.size() != 2 || sizes.get(1).value() > Integer.MAX_VALUE
        ? -1
        : (int) sizes.get(1).value();
  }

  /** Rows of a batch, where the file takes no other number; else -1. */
  int batch() {
    List<OnnxValue.Size> sizes = input().sizes();
    return sizes != null && sizes.get(0).isFixed()
        ? (int) Math.min(sizes.get(0).value(), Integer.MAX_VALUE)
        : -1;
  }

  /**
   * Runs the file as it is in ONNX Runtime, over the batches that it takes.
   *
   * @param input what the rows are
   * @param output name of the output
   * @param width its width
   * @return {@code [rows, width]}
   * @throws BadInput when ONNX Runtime refuses the file, or a run fails
   */
  float[] run(ImportedRows given, InputSpec input, String output, int width) {
    Shape row = input.shape();
    int rows = given.size();
    int batch = batch() < 0 ? Math.min(rows, ImportedRows.atOnce(row.elements())) : batch();
    FloatBuffer in = floats(batch, row.elements());
    FloatBuffer out = floats(batch, width);
    float[] all = new float[Math.multiplyExact(rows, width)];
    try (Session session =
        Session.open(
            file,
            input().name(),
            row.dims(),
            Map.of(output, List.of(width)),
            SessionSettings.of(Optimisation.EXTENDED))) {
      for (int from = 0; from < rows; from += batch) {
        int count = Math.min(batch, rows - from);
        given.put(input, from, count, in);
        session.run(in, batch, List.of(new Target.Floats(output, out, batch, width)));
        out.get(0, all, from * width, count * width);
      }
    } catch (IllegalStateException e) {
      throw new BadInput(e.getMessage() == null ? file + ": the run failed" : e.getMessage(), e);
    }
    return all;
  }

  private FloatBuffer floats(int rows, int width) {
    try {
      return ByteBuffer.allocateDirect(
              Math.multiplyExact(Float.BYTES, Math.multiplyExact(rows, width)))
          .order(ByteOrder.nativeOrder())
          .asFloatBuffer();
    } catch (ArithmeticException | OutOfMemoryError e) {
      throw new BadInput(
          "%s: a batch of %d rows of %d values does not fit into memory"
              .formatted(file, rows, width),
          e);
    }
  }

  /** What the manifest says of it. */
  Manifest.Source source(String output, Kind kind) {
    return new Manifest.Source(
        String.valueOf(file.getFileName()),
        sha256,
        graph.producer(),
        graph.opset(),
        output,
        kind.name().toLowerCase(Locale.ROOT));
  }
}
