package dev.gatehouse.exporter.cli;

import dev.gatehouse.exporter.imports.ImportOptions;
import dev.gatehouse.exporter.imports.ImportReport;
import dev.gatehouse.exporter.imports.Importer;
import dev.gatehouse.exporter.imports.Kind;
import dev.gatehouse.exporter.imports.Taken;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.bundle.Manifest;
import dev.gatehouse.proto.cli.ExitCode;
import dev.gatehouse.proto.cli.Output;
import dev.gatehouse.proto.cli.Progress;
import dev.gatehouse.proto.network.InputSpec.Datatype;
import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.network.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code import}: a bundle of ONNX files that were exported elsewhere. */
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    description = {
      "Turns a gate and experts that were trained and exported elsewhere (PyTorch, DJL, TensorFlow;",
      "ONNX opset 13 to 21) into a model bundle, DIR/NAME/VERSION. The files' own answers, put",
      "together in plain loops, are what the bundle is held to."
    },
    footer = {
      "",
      "Examples:",
      "  gatehouse import --gate gate.onnx --expert cats.onnx --expert dogs.onnx \\",
      "    --classes classes.txt --rows x.npy --labels y.npy --out models --name pets",
      "  gatehouse import --gate gate.onnx --expert a.onnx --expert b.onnx --range -1..1 \\",
      "    --top-k 2 --out models --name two",
      "  gatehouse import --gate gate.onnx --expert a.onnx --expert b.onnx --datatype uint8 \\",
      "    --dense --out models --name all --json"
    })
public final class ImportCommand implements Callable<Integer> {
  private static final String BYTE_ORDER_MARK = "^\ufeff";

  @Mixin private Output output = new Output();
  @Mixin private Destination to = new Destination();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--gate", paramLabel = "FILE", required = true, description = "The gate's file.")
  private Path gate = Path.of("");

  @Option(
      names = "--expert",
      paramLabel = "FILE",
      required = true,
      split = ",",
      description = "An expert's file; once for each, in the order of the gate's outputs.")
  private List<Path> experts = new ArrayList<>();

  @Option(
      names = "--top-k",
      paramLabel = "K",
      description = "Experts that answer a row; 1 if not given.")
  private @Nullable Integer topK;

  @Option(names = "--dense", description = "Every expert answers, weighted with its probability.")
  private boolean dense;

  @Option(
      names = "--classes",
      paramLabel = "a,b,c",
      description = "Names of the classes, or a file with one a line; their numbers if not given.")
  private @Nullable String classes;

  @Option(
      names = "--gate-output",
      paramLabel = "KIND",
      description = "What the gate gives: ${COMPLETION-CANDIDATES}; found out if not given.")
  private @Nullable Kind gateKind;

  @Option(
      names = "--expert-output",
      paramLabel = "EXPERT-KIND",
      description = "What the experts give: ${COMPLETION-CANDIDATES}; found out if not given.")
  private @Nullable Kind expertKind;

  @Option(
      names = "--gate-tensor",
      paramLabel = "NAME",
      description = "The gate's output that is taken; the first of the right shape if not given.")
  private @Nullable String gateTensor;

  @Option(
      names = "--expert-tensor",
      paramLabel = "NAME",
      description = "The experts' output that is taken; as for the gate.")
  private @Nullable String expertTensor;

  @Option(
      names = "--input-name",
      paramLabel = "NAME",
      description = "What clients call a row; image or features if not given.")
  private @Nullable String inputName;

  @Option(
      names = "--input-shape",
      paramLabel = "C,H,W",
      split = ",",
      description = "Shape of a row, where the files leave it open.")
  private @Nullable List<Integer> inputShape;

  @Option(
      names = "--datatype",
      paramLabel = "TYPE",
      description = "What clients send: ${COMPLETION-CANDIDATES}; that of --rows, else FP32.")
  private @Nullable Datatype datatype;

  @Option(
      names = "--range",
      paramLabel = "MIN..MAX",
      description = "Values that are accepted; 0..255 for UINT8, all for rows of floats.")
  private @Nullable String range;

  @Option(
      names = "--scale",
      paramLabel = "N",
      description = "The files take (value / N - mean) / std of what clients send: 255 for bytes.")
  private @Nullable Double scale;

  @Option(
      names = "--mean",
      paramLabel = "M",
      split = ",",
      description = "As --scale says; one number, or one for each channel. 0 if not given.")
  private @Nullable List<Double> mean;

  @Option(
      names = "--std",
      paramLabel = "S",
      split = ",",
      description = "As --scale says; one number, or one for each channel. 1 if not given.")
  private @Nullable List<Double> std;

  @Option(
      names = "--rows",
      paramLabel = "FILE",
      description = "Rows for self-test and baseline, an NPY array; drawn if not given.")
  private @Nullable Path rows;

  @Option(
      names = "--labels",
      paramLabel = "FILE",
      description = "True classes of the rows, an NPY array of whole numbers.")
  private @Nullable Path labels;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Of the rows that are drawn; ${DEFAULT-VALUE}.")
  private long seed;

  @Override
  public Integer call() throws IOException {
    ImportOptions options = options();
    ImportReport report;
    try (Progress progress = Progress.start("import", Importer.steps(options))) {
      report = Importer.run(options, to.models(), to.name(), to.version(), progress::step);
    }
    print(report);
    return ExitCode.OK;
  }

  private void print(ImportReport report) {
    Manifest manifest = report.bundle().manifest();
    output.text("bundle  " + report.bundle().path());
    output.text(
        String.format(
            Locale.ROOT,
            "model   %s/%d: %d experts, %s, %s",
            manifest.name(),
            manifest.version(),
            manifest.experts(),
            manifest.routing().name().toLowerCase(Locale.ROOT),
            manifest.rule()));
    report.notes().forEach(output::text);
    String without = report.withoutPortable();
    if (without != null) {
      output.text("there is no portable graph, model.onnx: " + without);
    }
    ParityLines.of(report.parity()).forEach(output::text);
    SharedLine.of(report.bundle(), report.sharedBytes()).forEach(output::text);
    output.result(
        new Imported(
            report.bundle().path().toString(),
            manifest.name(),
            manifest.version(),
            report.parity().maxAbsDiff(),
            report.sharedBytes(),
            report.notes(),
            without));
  }

  private ImportOptions options() {
    if (dense && topK != null) {
      throw usage("--dense and --top-k exclude each other");
    }
    if (labels != null && rows == null) {
      throw usage("--labels goes with --rows");
    }
    return new ImportOptions(
        gate,
        experts,
        dense ? new RoutingRule.Dense() : new RoutingRule.TopK(topK == null ? 1 : topK),
        new ImportOptions.Input(
            inputName,
            datatype,
            inputShape == null ? null : new Shape(inputShape),
            range == null ? null : range(range),
            scale == null && mean == null && std == null
                ? null
                : new ImportOptions.Scaling(
                    scale == null ? 1 : scale,
                    mean == null ? List.of(0.0) : mean,
                    std == null ? List.of(1.0) : std)),
        classes == null ? null : classes(classes),
        new Taken(gateTensor, gateKind),
        new Taken(expertTensor, expertKind),
        rows == null ? new ImportOptions.Drawn(seed) : new ImportOptions.Given(rows, labels));
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private ImportOptions.Range range(String text) {
    String[] ends = text.split("\\.\\.", 2);
    try {
      if (ends.length == 2) {
        return new ImportOptions.Range(Double.parseDouble(ends[0]), Double.parseDouble(ends[1]));
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw usage("--range takes MIN..MAX, such as -1..1; got " + text);
  }

  /** A file where there is one of that name; else the names themselves. */
  private static List<String> classes(String text) {
    Path file = Path.of(text);
    try {
      List<String> names =
          Files.isRegularFile(file)
              ? Files.readString(file)
                  .replaceFirst(BYTE_ORDER_MARK, "")
                  .lines()
                  .map(String::strip)
                  .toList()
              : Stream.of(text.split(",", -1)).map(String::strip).toList();
      List<String> filled = names.stream().filter(name -> !name.isEmpty()).toList();
      if (filled.size() != names.size() || filled.stream().distinct().count() != filled.size()) {
        throw new BadInput("classes need names, each another; --classes=" + text);
      }
      return filled;
    } catch (IOException e) {
      throw new BadInput(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private record Imported(
      String bundle,
      String name,
      int version,
      double maxAbsDiff,
      long sharedBytes,
      List<String> notes,
      @Nullable String withoutPortable) {}
}
