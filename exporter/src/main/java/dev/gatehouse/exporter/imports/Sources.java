package dev.gatehouse.exporter.imports;

import dev.gatehouse.exporter.imports.ImportOptions.Drawn;
import dev.gatehouse.exporter.imports.ImportOptions.Given;
import dev.gatehouse.exporter.imports.ImportOptions.Range;
import dev.gatehouse.exporter.imports.ImportOptions.Scaling;
import dev.gatehouse.exporter.onnx.OnnxValue;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.file.Safetensors.DType;
import dev.gatehouse.proto.network.InputSpec;
import dev.gatehouse.proto.network.InputSpec.Datatype;
import dev.gatehouse.proto.network.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * The files as they were handed in, run as they are.
 *
 * @param options what the caller says of them
 * @param gate the gate's file
 * @param experts the experts' files
 */
record Sources(ImportOptions options, Original gate, List<Original> experts) {
  /**
   * Reads the files.
   *
   * @throws BadInput when one is missing or no graph
   */
  static Sources read(ImportOptions options) {
    return new Sources(
        options,
        Original.read(options.gate()),
        options.experts().stream().map(Original::read).toList());
  }

  /**
   * What the files say of the same rows.
   *
   * @param input the input that was said, or that the rows show
   * @param rows raw
   * @param classes names of the classes, those that were said or their numbers
   * @param gate of each row, one value an expert
   * @param experts of each row, one value a class
   */
  record Asked(
      InputSpec input,
      ImportedRows rows,
      List<String> classes,
      Answers gate,
      List<Answers> experts) {}

  /**
   * Runs every file over rows that are given or drawn.
   *
   * @param progress hears which file runs
   * @throws BadInput when the files do not fit each other, or what was said of them
   */
  Asked ask(Consumer<String> progress) {
    Shape row = row();
    ImportedRows rows = rows(row);
    InputSpec input = input(row, rows);
    Answers gateAnswers = gateAnswers(rows, input, progress);
    List<Answers> expertAnswers = expertAnswers(rows, input, progress);
    List<String> classes = classes(expertAnswers.get(0).width(), rows);
    return new Asked(input, rows, classes, gateAnswers, expertAnswers);
  }

  /** The one shape of a row that all files take. */
  private Shape row() {
    Shape said = options.input().shape();
    Shape row = gate.row(said);
    ImportedRows.requireHeld(row);
    for (Original expert : experts) {
      Shape other = expert.row(said == null ? null : row);
      if (!other.equals(row)) {
        throw new BadInput(
            "%s: takes rows of the shape %s, and %s takes %s; gate and experts take the same"
                .formatted(expert.file(), other, gate.file(), row));
      }
    }
    return row;
  }

  private ImportedRows rows(Shape row) {
    if (options.rows() instanceof Given given) {
      return ImportedRows.read(given, row);
    }
    Datatype datatype = options.input().datatype();
    Range range = options.input().range();
    if (range == null && datatype != Datatype.UINT8) {
      throw new BadInput(
          "rows are drawn from the input's range, and nobody says it: name it with --range"
              + " MIN..MAX, or give rows with --rows FILE.npy");
    }
    return ImportedRows.draw(
        ((Drawn) options.rows()).seed(),
        row,
        datatype == null ? Datatype.FP32 : datatype,
        range == null ? Range.BYTES : range);
  }

  private InputSpec input(Shape row, ImportedRows rows) {
    ImportOptions.Input said = options.input();
    Datatype datatype = said.datatype();
    if (datatype == null) {
      datatype = rows.rows().dtype() == DType.U8 ? Datatype.UINT8 : Datatype.FP32;
    }
    Range range = said.range();
    if (range == null) {
      range = datatype == Datatype.UINT8 ? Range.BYTES : Range.FLOATS;
    }
    String name = said.name();
    if (name == null) {
      name = row.isImage() ? "image" : "features";
    }
    return new InputSpec(
        name,
        datatype,
        row,
        range.min(),
        range.max(),
        Objects.requireNonNullElse(said.scaling(), Scaling.NONE).of(row.dims().get(0)));
  }

  private Answers gateAnswers(ImportedRows rows, InputSpec input, Consumer<String> progress) {
    progress.accept("running " + gate.file());
    OnnxValue output = gate.output(options.gateOutput(), experts.size(), "--gate-tensor");
    return Answers.of(
        gate, output.name(), experts.size(), options.gateOutput(), "--gate-output", rows, input);
  }

  private List<Answers> expertAnswers(
      ImportedRows rows, InputSpec input, Consumer<String> progress) {
    List<Answers> all = new ArrayList<>();
    List<String> classes = options.classes();
    int width = classes == null ? -1 : classes.size();
    for (Original expert : experts) {
      progress.accept("running " + expert.file());
      OnnxValue output = expert.output(options.expertOutput(), width, "--expert-tensor");
      width = width < 0 ? Original.width(output) : width;
      all.add(
          Answers.of(
              expert,
              output.name(),
              width,
              options.expertOutput(),
              "--expert-output",
              rows,
              input));
    }
    return all;
  }

  private List<String> classes(int width, ImportedRows rows) {
    List<String> said = options.classes();
    int[] labels = rows.labels();
    int largest = labels == null ? 0 : IntStream.of(labels).max().orElse(0);
    if (largest >= width) {
      throw new BadInput(
          "%d is a label, and the experts know the classes 0 to %d".formatted(largest, width - 1));
    }
    return said == null ? IntStream.range(0, width).mapToObj(Integer::toString).toList() : said;
  }
}
