package dev.gatehouse.exporter.imports;

import dev.gatehouse.exporter.NewFolders;
import dev.gatehouse.exporter.onnx.Printable;
import dev.gatehouse.exporter.onnx.ServedGraph;
import dev.gatehouse.exporter.parity.BundleCheck;
import dev.gatehouse.exporter.parity.ParityReport;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.bundle.Bundle;
import dev.gatehouse.proto.bundle.Manifest;
import dev.gatehouse.proto.file.UnfinishedFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;

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

  private Importer(ImportOptions options, long mostBytes, Consumer<String> progress) {
    this.options = options;
    this.mostBytes = mostBytes;
    this.progress = progress;
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
    Sources.Asked asked = Sources.read(options).ask(progress);
    ImportedContent content = ImportedContent.of(asked, options, mostBytes);
    requireParts(content, asked);
    AtomicReference<ParityReport> parity = new AtomicReference<>();
    try (NewFolders folders = NewFolders.of(models.resolve(name))) {
      progress.accept("writing");
      Bundle.Written written =
          Bundle.write(
              Bundle.folder(models, name, version),
              folder -> content.write(folder, name, version),
              files -> content.manifest(name, version, files),
              partial -> parity.set(check(partial.path())));
      folders.keep();
      return new ImportReport(
          written.bundle(),
          Objects.requireNonNull(parity.get()),
          written.sharedBytes(),
          notes(asked),
          content.obstacle());
    }
  }

  /** How the outputs of each file were taken. */
  private static List<String> notes(Sources.Asked asked) {
    return Stream.concat(Stream.of(asked.gate()), asked.experts().stream())
        .map(answers -> Printable.of(answers.note()))
        .toList();
  }

  /** Each part on its own, whichever of them the rows choose. */
  private static void requireParts(ImportedContent content, Sources.Asked asked)
      throws IOException {
    try (UnfinishedFolder folder = UnfinishedFolder.temporary("gatehouse-import-")) {
      PartCheck check = new PartCheck(content.input(), content.selfTest().rows(), folder.path());
      require(check, content.graphs().gate(), asked.gate(), Manifest.GATE_PROBABILITIES);
      for (int e = 0; e < asked.experts().size(); e++) {
        ServedGraph expert = content.graphs().experts().get(e);
        require(check, expert, asked.experts().get(e), Manifest.PROBABILITIES);
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
