package dev.gatehouse.exporter.imports;

import dev.gatehouse.exporter.GraphFiles;
import dev.gatehouse.exporter.imports.ImportOptions.Drawn;
import dev.gatehouse.exporter.onnx.ServedGraph;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.bundle.Bundle;
import dev.gatehouse.proto.bundle.Manifest;
import dev.gatehouse.proto.bundle.Precision;
import dev.gatehouse.proto.bundle.SelfTest;
import dev.gatehouse.proto.network.InputSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What goes into the bundle of an imported model.
 *
 * @param options what was handed in
 * @param input what a client sends
 * @param classes names of the classes
 * @param graphs the served graphs
 * @param obstacle why the whole model is not in one graph, in words; null where it is
 * @param selfTest rows, and what the files as they were handed in make of them
 * @param baseline the load of the experts over all rows
 * @param origin the files
 */
record ImportedContent(
    ImportOptions options,
    InputSpec input,
    List<String> classes,
    ImportedGraphs graphs,
    @Nullable String obstacle,
    SelfTest selfTest,
    Manifest.Baseline baseline,
    Manifest.Imported origin) {
  /**
   * Rewrites files into served graphs, and keeps what the files said to hold these to.
   *
   * @param mostBytes the longest file of the whole model
   * @throws BadInput when a file is none that can be served, or a dense model does not go into one
   *     graph
   */
  static ImportedContent of(Sources.Asked asked, ImportOptions options, long mostBytes) {
    int width = asked.classes().size();
    List<Answers> experts = asked.experts();
    Mixture mixture =
        new Mixture(
            options.rule(),
            asked.gate().probabilities(),
            experts.stream().map(Answers::probabilities).toList(),
            asked.rows().size(),
            width);
    ImportedGraphs graphs =
        new ImportedGraphs(
            asked.input(),
            options.rule(),
            width,
            served(options, asked.gate(), asked.input(), Manifest.GATE_PROBABILITIES),
            experts.stream()
                .map(expert -> served(options, expert, asked.input(), Manifest.PROBABILITIES))
                .toList(),
            mostBytes);
    String obstacle = graphs.obstacle().orElse(null);
    if (obstacle != null && !options.isSparse()) {
      throw new BadInput(
          "a dense bundle is one graph, and these files do not go into one: " + obstacle);
    }
    return new ImportedContent(
        options,
        asked.input(),
        asked.classes(),
        graphs,
        obstacle,
        selfTest(asked, options, mixture),
        mixture.baseline(),
        origin(asked, options));
  }

  private static ServedGraph served(
      ImportOptions options, Answers answers, InputSpec input, String output) {
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

  private static SelfTest selfTest(Sources.Asked asked, ImportOptions options, Mixture mixture) {
    ImportedRows rows = asked.rows();
    ImportedRows first = rows.first(ImportedRows.atOnce(rows.elements()));
    return new SelfTest(
        options.rule(),
        asked.classes(),
        first.rows(),
        first.labels(),
        mixture.gateProbabilities(first.size()),
        mixture.outputs(first.size()));
  }

  private static Manifest.Imported origin(Sources.Asked asked, ImportOptions options) {
    @Nullable Long seed = options.rows() instanceof Drawn drawn ? drawn.seed() : null;
    return new Manifest.Imported(
        asked.gate().source(),
        asked.experts().stream().map(Answers::source).toList(),
        seed == null ? "given" : "drawn",
        seed);
  }

  /** Writes every file but the manifest. */
  void write(Path folder, String name, int version) throws IOException {
    if (obstacle == null) {
      GraphFiles.USUAL.write(folder.resolve(Bundle.PORTABLE), graphs.portable());
    }
    if (options.isSparse()) {
      Files.write(folder.resolve(Bundle.GATE), graphs.gate().bytes());
      for (int e = 0; e < options.experts().size(); e++) {
        Path file = folder.resolve(Bundle.expert(e));
        Files.createDirectories(folder.resolve("experts"));
        Files.write(file, graphs.experts().get(e).bytes());
      }
    }
    selfTest.write(folder.resolve(Bundle.SELF_TEST));
    ImportedCard card = new ImportedCard(name, version, input, classes, options, origin);
    Files.writeString(folder.resolve(Bundle.MODEL_CARD), card.text());
  }

  /**
   * The manifest.
   *
   * @param files every other file
   */
  Manifest manifest(String name, int version, Map<String, Manifest.FileEntry> files) {
    return new Manifest(
        Bundle.FORMAT_VERSION,
        name,
        version,
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
        input,
        classes,
        options.experts().size(),
        options.isSparse() ? Manifest.Routing.SPARSE : Manifest.Routing.DENSE,
        options.rule(),
        graphFiles(),
        Precision.EXACT,
        baseline,
        null,
        null,
        origin,
        files);
  }

  private Manifest.Graphs graphFiles() {
    List<String> files =
        options.isSparse()
            ? IntStream.range(0, options.experts().size()).mapToObj(Bundle::expert).toList()
            : List.of();
    return new Manifest.Graphs(
        obstacle == null ? Bundle.PORTABLE : null, options.isSparse() ? Bundle.GATE : null, files);
  }
}
