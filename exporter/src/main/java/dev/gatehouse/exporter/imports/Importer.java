package dev.gatehouse.exporter.imports;

import dev.gatehouse.exporter.GraphFiles;
import dev.gatehouse.exporter.NewFolders;
import dev.gatehouse.exporter.imports.ImportOptions.Drawn;
import dev.gatehouse.exporter.imports.ImportOptions.Given;
import dev.gatehouse.exporter.imports.ImportOptions.Range;
import dev.gatehouse.exporter.imports.ImportOptions.Scaling;
import dev.gatehouse.exporter.onnx.OnnxValue;
import dev.gatehouse.exporter.onnx.Printable;
import dev.gatehouse.exporter.onnx.ServedGraph;
import dev.gatehouse.exporter.parity.BundleCheck;
import dev.gatehouse.exporter.parity.ParityReport;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.bundle.Bundle;
import dev.gatehouse.proto.bundle.Manifest;
import dev.gatehouse.proto.bundle.Precision;
import dev.gatehouse.proto.bundle.SelfTest;
import dev.gatehouse.proto.file.Safetensors.DType;
import dev.gatehouse.proto.file.UnfinishedFolder;
import dev.gatehouse.proto.network.InputSpec;
import dev.gatehouse.proto.network.InputSpec.Datatype;
import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.network.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Makes a model bundle of a gate and experts that somebody trained and exported elsewhere; all of
 * it, or nothing.
 *
 * <p>What the bundle is held to are the files as they were handed in: they are run as they are, and
 * their answers put together in plain loops. The served graphs are made of them by rewriting, and
 * the bundle gets its name only after both of its forms agree with those answers.
 */
public final class Importer {
  private final ImportOptions options;
  private final long mostBytes;
  private final Consumer<String> progress;
  private final Original gate;
  private final List<Original> experts;

  private Importer(ImportOptions options, long mostBytes, Consumer<String> progress) {
    this.options = options;
    this.mostBytes = mostBytes;
    this.progress = progress;
    this.gate = Original.read(options.gate());
    this.experts = options.experts().stream().map(Original::read).toList();
  }

  /**
   * Imports a model to {@code models/name/version}.
   *
   * @param models folder of all models
   * @param name the model's name: letters, digits, {@code .}, {@code -}, {@code _}
   * @param version the model's version, 1 or more
   * @param progress hears what is done next, {@link #steps} times
   * @throws BadInput when a file is missing, none that can be served, or does not fit the others;
   *     the version is there already; or the served graphs do not answer as the files do
   * @throws IOException when the bundle cannot be written
   */
  public static ImportReport run(
      ImportOptions options, Path models, String name, int version, Consumer<String> progress)
      throws IOException {
    return run(options, models, name, version, Integer.MAX_VALUE, progress);
  }

  /**
   * Imports a model as {@link #run(ImportOptions, Path, String, int, Consumer)} does.
   *
   * @param mostBytes the longest file of the whole model; where the parts are longer together, a
   *     sparse bundle does without it
   */
  static ImportReport run(
      ImportOptions options,
      Path models,
      String name,
      int version,
      long mostBytes,
      Consumer<String> progress)
      throws IOException {
    Manifest.requireNameAndVersion(name, version);
    Bundle.requireFree(Bundle.folder(models, name, version));
    try {
      return new Importer(options, mostBytes, progress).write(models, name, version);
    } catch (BadInput e) {
      throw new BadInput(Printable.of(String.valueOf(e.getMessage())), e);
    }
  }

  /** How often {@code progress} hears something. */
  public static int steps(ImportOptions options) {
    return options.experts().size() + 3;
  }

  private ImportReport write(Path models, String name, int version) throws IOException {
    Shape row = row();
    ImportedRows rows = rows(row);
    InputSpec input = input(row, rows);
    Answers gateAnswers = gateAnswers(rows, input);
    List<Answers> expertAnswers = expertAnswers(rows, input);
    int width = expertAnswers.get(0).width();
    List<String> classes = classes(width, rows);
    Mixture mixture =
        new Mixture(
            options.rule(),
            gateAnswers.probabilities(),
            expertAnswers.stream().map(Answers::probabilities).toList(),
            rows.size(),
            width);
    ImportedGraphs graphs =
        new ImportedGraphs(
            input,
            options.rule(),
            width,
            served(gateAnswers, input, Manifest.GATE_PROBABILITIES),
            expertAnswers.stream()
                .map(answers -> served(answers, input, Manifest.PROBABILITIES))
                .toList(),
            mostBytes);
    String obstacle = graphs.obstacle().orElse(null);
    if (obstacle != null && !isSparse()) {
      throw new BadInput(
          "a dense bundle is one graph, and these files do not go into one: " + obstacle);
    }
    Content content =
        new Content(
            input,
            classes,
            graphs,
            obstacle == null,
            selfTest(rows, classes, mixture),
            mixture.baseline(),
            origin(gateAnswers, expertAnswers));
    requireParts(content, gateAnswers, expertAnswers);
    List<String> notes = new ArrayList<>();
    notes.add(Printable.of(gateAnswers.note()));
    expertAnswers.forEach(answers -> notes.add(Printable.of(answers.note())));
    AtomicReference<ParityReport> parity = new AtomicReference<>();
    try (NewFolders folders = NewFolders.of(models.resolve(name))) {
      progress.accept("writing");
      Bundle.Written written =
          Bundle.write(
              Bundle.folder(models, name, version),
              folder -> writeFiles(folder, content, name, version),
              files -> manifest(content, name, version, files),
              partial -> parity.set(check(partial.path())));
      folders.keep();
      return new ImportReport(
          written.bundle(),
          Objects.requireNonNull(parity.get()),
          written.sharedBytes(),
          notes,
          obstacle);
    }
  }

  /** What goes into the bundle; {@code portable} says whether the portable graph is in it. */
  private record Content(
      InputSpec input,
      List<String> classes,
      ImportedGraphs graphs,
      boolean portable,
      SelfTest selfTest,
      Manifest.Baseline baseline,
      Manifest.Imported origin) {}

  private boolean isSparse() {
    return options.rule() instanceof RoutingRule.TopK;
  }

  // --- what goes in ------------------------------------------------------------------------------

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

  private Answers gateAnswers(ImportedRows rows, InputSpec input) {
    progress.accept("running " + gate.file());
    OnnxValue output = gate.output(options.gateOutput(), experts.size(), "--gate-tensor");
    return Answers.of(
        gate, output.name(), experts.size(), options.gateOutput(), "--gate-output", rows, input);
  }

  private List<Answers> expertAnswers(ImportedRows rows, InputSpec input) {
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

  // --- what comes out ----------------------------------------------------------------------------

  private ServedGraph served(Answers answers, InputSpec input, String output) {
    ServedGraph.Scaling scaling =
        options.input().scaling() == null
            ? null
            : scaling((InputSpec.Normalisation) input.normalisation());
    return ServedGraph.of(
        answers.of().graph(),
        answers.output(),
        answers.kind() == Kind.LOGITS,
        new ServedGraph.Form(input.name(), input.shape().dims(), output, answers.width(), scaling));
  }

  private static ServedGraph.Scaling scaling(InputSpec.Normalisation by) {
    int channels = by.mean().size();
    float[] mean = new float[channels];
    float[] factor = new float[channels];
    for (int c = 0; c < channels; c++) {
      mean[c] = (float) (by.mean().get(c) * by.scale());
      factor[c] = (float) (1 / (by.scale() * by.std().get(c)));
    }
    return new ServedGraph.Scaling(mean, factor);
  }

  private SelfTest selfTest(ImportedRows rows, List<String> classes, Mixture mixture) {
    ImportedRows first = rows.first(ImportedRows.atOnce(rows.elements()));
    return new SelfTest(
        options.rule(),
        classes,
        first.rows(),
        first.labels(),
        mixture.gateProbabilities(first.size()),
        mixture.outputs(first.size()));
  }

  private Manifest.Imported origin(Answers gateAnswers, List<Answers> expertAnswers) {
    @Nullable Long seed = options.rows() instanceof Drawn drawn ? drawn.seed() : null;
    return new Manifest.Imported(
        gate.source(gateAnswers.output(), gateAnswers.kind()),
        expertAnswers.stream().map(a -> a.of().source(a.output(), a.kind())).toList(),
        seed == null ? "given" : "drawn",
        seed);
  }

  private void writeFiles(Path folder, Content content, String name, int version)
      throws IOException {
    if (content.portable()) {
      GraphFiles.USUAL.write(folder.resolve(Bundle.PORTABLE), content.graphs().portable());
    }
    if (isSparse()) {
      Files.write(folder.resolve(Bundle.GATE), content.graphs().gate().bytes());
      for (int e = 0; e < experts.size(); e++) {
        Path file = folder.resolve(Bundle.expert(e));
        Files.createDirectories(folder.resolve("experts"));
        Files.write(file, content.graphs().experts().get(e).bytes());
      }
    }
    content.selfTest().write(folder.resolve(Bundle.SELF_TEST));
    ImportedCard card =
        new ImportedCard(
            name, version, content.input(), content.classes(), options, content.origin());
    Files.writeString(folder.resolve(Bundle.MODEL_CARD), card.text());
  }

  private Manifest manifest(
      Content content, String name, int version, Map<String, Manifest.FileEntry> files) {
    return new Manifest(
        Bundle.FORMAT_VERSION,
        name,
        version,
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
        content.input(),
        content.classes(),
        experts.size(),
        isSparse() ? Manifest.Routing.SPARSE : Manifest.Routing.DENSE,
        options.rule(),
        graphFiles(content.portable()),
        Precision.EXACT,
        content.baseline(),
        null,
        null,
        content.origin(),
        files);
  }

  private Manifest.Graphs graphFiles(boolean portable) {
    List<String> files =
        isSparse()
            ? IntStream.range(0, experts.size()).mapToObj(Bundle::expert).toList()
            : List.of();
    return new Manifest.Graphs(
        portable ? Bundle.PORTABLE : null, isSparse() ? Bundle.GATE : null, files);
  }

  // --- what it is held to ------------------------------------------------------------------------

  /** Each part on its own, whichever of them the rows choose. */
  private void requireParts(Content content, Answers gateAnswers, List<Answers> expertAnswers)
      throws IOException {
    try (UnfinishedFolder folder = UnfinishedFolder.temporary("gatehouse-import-")) {
      PartCheck check = new PartCheck(content.input(), content.selfTest().rows(), folder.path());
      require(check, content.graphs().gate(), gateAnswers, Manifest.GATE_PROBABILITIES);
      for (int e = 0; e < experts.size(); e++) {
        ServedGraph expert = content.graphs().experts().get(e);
        require(check, expert, expertAnswers.get(e), Manifest.PROBABILITIES);
      }
    }
  }

  private static void require(PartCheck check, ServedGraph graph, Answers file, String output)
      throws IOException {
    try {
      check.require(graph, file, output);
    } catch (IllegalStateException e) {
      throw onlyItsOwnBatch(file.of().file() + ": does", check.folder(), e);
    }
  }

  private ParityReport check(Path bundle) {
    progress.accept("comparing");
    try {
      return BundleCheck.check(bundle);
    } catch (IllegalStateException e) {
      throw onlyItsOwnBatch("the files do", bundle, e);
    }
  }

  /** A graph that was made for one size of batch may fail where it is given another. */
  private static BadInput onlyItsOwnBatch(String does, Path folder, IllegalStateException e) {
    String reason = String.valueOf(e.getMessage()).replace(folder + "/", "");
    return new BadInput(
        "%s not run over any number of rows at once; export with a dynamic batch: %s"
            .formatted(does, reason),
        e);
  }
}
