package dev.gatehouse.proto.bundle;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.file.AtomicFiles;
import dev.gatehouse.proto.file.Json;
import dev.gatehouse.proto.file.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A model bundle: the folder {@code NAME/VERSION/} that travels from exporter to server; the one
 * reader and writer of its format.
 *
 * <ul>
 *   <li>{@code manifest.json}: a {@link Manifest}, with the length and sha256 of every other file
 *   <li>{@code model.onnx}: the whole model, for any ONNX Runtime
 *   <li>{@code gate.onnx}, {@code experts/NNN.onnx}: the split graphs of a sparse bundle
 *   <li>{@code NAME.onnx.data}: weights of a graph that has too many for one file
 *   <li>{@code selftest.safetensors}: a {@link SelfTest}
 *   <li>{@code MODEL_CARD.md}: for people
 *   <li>{@code manifest.sig}: a {@link ManifestSignature}, where somebody signed the bundle
 * </ul>
 *
 * <p>There is nothing else in the folder: a graph may name a file of weights beside it, and a file
 * that the manifest does not list would be read without its checksum, under any signature.
 *
 * @param path the folder
 * @param manifest its manifest
 */
public record Bundle(Path path, Manifest manifest) {
  /** Version of the format that this code reads and writes. */
  public static final int FORMAT_VERSION = 1;

  /** Name of the manifest's file. */
  public static final String MANIFEST = "manifest.json";

  /** Name of the self-test's file. */
  public static final String SELF_TEST = "selftest.safetensors";

  /** Name of the portable graph's file. */
  public static final String PORTABLE = "model.onnx";

  /** Name of the gate's file in a sparse bundle. */
  public static final String GATE = "gate.onnx";

  /** Name of the model card's file. */
  public static final String MODEL_CARD = "MODEL_CARD.md";

  /** How deep a bundle lies in the folder of all models. */
  private static final int NAME_AND_VERSION = 2;

  private static final int MOST_NAMED = 3;

  private static final String THERE_ALREADY =
      ": is there already; export another version or remove it";

  /** Path of the file of expert {@code e} in a sparse bundle. */
  public static String expert(int e) {
    return String.format(Locale.ROOT, "experts/%03d.onnx", e);
  }

  /** The folder of a model's version in the folder of all models. */
  public static Path folder(Path models, String name, int version) {
    return models.resolve(name).resolve(Integer.toString(version));
  }

  /**
   * Checks that a bundle may be written, for those who have much to do before they write it.
   *
   * @throws BadInput when the folder exists
   */
  public static void requireFree(Path path) {
    if (Files.exists(path)) {
      throw new BadInput(path + THERE_ALREADY);
    }
  }

  /**
   * Opens a bundle and checks every file's length and checksum.
   *
   * @throws BadInput when it is none, of another format version, or any file is missing, altered,
   *     outside the folder or not listed
   */
  public static Bundle open(Path path) {
    Bundle bundle = new Bundle(path, parse(manifestBytes(path), path));
    bundle.manifest.files().forEach(bundle::check);
    bundle.requireNothingElse();
    return bundle;
  }

  /** Makes what reads manifests, which takes longer than to read one. */
  public static void prepare() {
    Json.prepare(Manifest.class);
  }

  /**
   * The bytes of a bundle's manifest.
   *
   * @throws BadInput when there is none
   */
  static byte[] manifestBytes(Path bundle) {
    Path file = bundle.resolve(MANIFEST);
    if (!Files.isRegularFile(file)) {
      throw new BadInput(
          bundle
              + ": no model bundle: "
              + (Files.exists(bundle) ? "there is no " + MANIFEST : "no such folder")
              + bundlesBelow(bundle));
    }
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new BadInput(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /** What may have been meant by the folder of a model's versions, or of all models. */
  private static String bundlesBelow(Path folder) {
    try (Stream<Path> folders = Files.walk(folder, NAME_AND_VERSION)) {
      String found =
          folders
              .filter(one -> Files.isRegularFile(one.resolve(MANIFEST)))
              .limit(MOST_NAMED)
              .map(Path::toString)
              .sorted()
              .collect(Collectors.joining(", "));
      return found.isEmpty() ? "" : "; there is one in " + found;
    } catch (IOException | UncheckedIOException e) {
      return "";
    }
  }

  /**
   * The manifest that these bytes are.
   *
   * @param bundle names the bundle in messages
   * @throws BadInput when they are none, or of another format version
   */
  static Manifest parse(byte[] manifest, Path bundle) {
    String where = bundle.resolve(MANIFEST).toString();
    String text = new String(manifest, StandardCharsets.UTF_8);
    int version = Json.parseInt(text, "format_version", where);
    if (version != FORMAT_VERSION) {
      throw new BadInput(
          bundle
              + ": bundle of format version "
              + version
              + "; this Gatehouse reads version "
              + FORMAT_VERSION);
    }
    return Json.parse(text, Manifest.class, where);
  }

  /** The absolute path of one of the manifest's files. */
  public Path file(String relative) {
    Path root = path.toAbsolutePath().normalize();
    Path file = root.resolve(relative).normalize();
    if (!file.startsWith(root) || file.equals(root)) {
      throw new BadInput(path + ": the file " + relative + " lies outside the bundle");
    }
    return file;
  }

  /**
   * The self-test, checked against the manifest.
   *
   * @throws BadInput when its classes, rule or number of experts are not the manifest's
   */
  public SelfTest selfTest() {
    SelfTest test = SelfTest.read(file(SELF_TEST));
    String where = path + ": the self-test was recorded for ";
    if (!test.classes().equals(manifest.classes())) {
      throw new BadInput(
          where + "the classes " + test.classes() + ", the manifest says " + manifest.classes());
    }
    if (!test.rule().equals(manifest.rule())) {
      throw new BadInput(
          where + "the rule " + test.rule() + ", the manifest says " + manifest.rule());
    }
    if (test.experts() != manifest.experts()) {
      throw new BadInput(
          where + test.experts() + " experts, the manifest says " + manifest.experts());
    }
    if (!test.rows().shape().equals(manifest.input().shape().batched(test.size()))) {
      throw new BadInput(
          where
              + "rows of shape "
              + test.rows().shape()
              + ", the manifest says "
              + manifest.input().shape());
    }
    return test;
  }

  /**
   * Writes a bundle atomically: {@code content} fills a temporary sibling, the manifest is made
   * from the checksums of what it wrote, graphs that another version beside it has too become links
   * to them, {@code check} may still refuse it, and only then it gets its name.
   *
   * @param path folder of the bundle, which must not exist
   * @param content writes every file but the manifest
   * @param manifest makes the manifest from the files' entries
   * @param check looks at the finished bundle under its temporary name; what it throws stops the
   *     write
   * @throws BadInput when the folder exists, or {@code check} refuses
   */
  public static Written write(
      Path path,
      AtomicFiles.FolderWriter content,
      Function<Map<String, Manifest.FileEntry>, Manifest> manifest,
      Check check)
      throws IOException {
    AtomicLong shared = new AtomicLong();
    try {
      AtomicFiles.writeFolder(
          path,
          partial -> {
            content.write(partial);
            Manifest made = manifest.apply(entries(partial));
            Bundle bundle = new Bundle(partial, made);
            shared.set(SharedGraphs.of(path).link(bundle));
            Files.writeString(partial.resolve(MANIFEST), Json.text(made));
            check.check(bundle);
          });
    } catch (FileAlreadyExistsException e) {
      throw new BadInput(path + THERE_ALREADY, e);
    }
    return new Written(open(path), shared.get());
  }

  /**
   * A bundle that was written.
   *
   * @param bundle the bundle
   * @param sharedBytes length of its graphs that lie on the disk once, together with those of other
   *     versions
   */
  public record Written(Bundle bundle, long sharedBytes) {}

  /** Refuses a finished bundle by throwing. */
  @FunctionalInterface
  public interface Check {
    /** Looks at {@code bundle}. */
    void check(Bundle bundle) throws IOException;
  }

  private static Map<String, Manifest.FileEntry> entries(Path folder) throws IOException {
    Map<String, Manifest.FileEntry> entries = new TreeMap<>();
    try (var files = Files.walk(folder)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        entries.put(
            relative(folder, file), new Manifest.FileEntry(Files.size(file), Sha256.of(file)));
      }
    }
    return entries;
  }

  /** Refuses files and links that nobody vouches for. */
  private void requireNothingElse() {
    try {
      // The folder itself may be a link.
      requireNothingElse(path.toRealPath());
    } catch (IOException | UncheckedIOException e) {
      throw new BadInput(path + ": cannot be listed: " + e.getMessage(), e);
    }
  }

  private void requireNothingElse(Path root) throws IOException {
    try (var all = Files.walk(root)) {
      for (Path file : (Iterable<Path>) all::iterator) {
        String relative = relative(root, file);
        if (!Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)
            && !manifest.files().containsKey(relative)
            && !relative.equals(MANIFEST)
            && !relative.equals(ManifestSignature.FILE)) {
          throw new BadInput(
              "%s: the file %s is not listed in %s; take it out of the bundle"
                  .formatted(path, relative, MANIFEST));
        }
      }
    }
  }

  private static String relative(Path folder, Path file) {
    return folder.relativize(file).toString().replace('\\', '/');
  }

  private void check(String relative, Manifest.FileEntry entry) {
    Path file = file(relative);
    try {
      if (!Files.isRegularFile(file)) {
        throw new BadInput(path + ": the file " + relative + " is missing");
      }
      if (!file.toRealPath().startsWith(path.toRealPath())
          || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        throw new BadInput(path + ": the file " + relative + " is a link");
      }
      long bytes = Files.size(file);
      if (bytes != entry.bytes()) {
        throw new BadInput(
            path + ": the file " + relative + " has " + bytes + " bytes, not " + entry.bytes());
      }
      if (!Sha256.of(file).equals(entry.sha256())) {
        throw new BadInput(path + ": the file " + relative + " does not match its sha256");
      }
    } catch (IOException e) {
      throw new BadInput(path + ": the file " + relative + " cannot be read: " + e.getMessage(), e);
    }
  }
}
