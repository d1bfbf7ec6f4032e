package dev.gatehouse.proto.bundle;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.OptBoolean;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.network.InputSpec;
import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.run.Run;
import dev.gatehouse.proto.run.Run.Results;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * {@code manifest.json} of a bundle.
 *
 * @param formatVersion version of the bundle's format, {@link Bundle#FORMAT_VERSION}
 * @param name the model's name
 * @param version the model's version, 1 or more
 * @param created ISO 8601 instant
 * @param input what a client sends; preprocessing travels in the graphs
 * @param classes names of the classes, in the order of the outputs
 * @param experts number of experts, M
 * @param routing whether a row runs the experts that the gate chose, or all
 * @param rule which experts answer a row
 * @param graphs the graph files
 * @param precision how the graphs store their weights; may be missing, for float32
 * @param baseline expert load and gate entropy of the exported gate on held-out rows
 * @param provenance the run that the model comes from; null of an imported one
 * @param results measurements of the trained model; null of an imported one
 * @param imported the files that the model was imported from; null of one that was exported
 * @param files every file of the bundle but the manifest itself, by path with {@code /}
 */
public record Manifest(
    int formatVersion,
    String name,
    int version,
    String created,
    InputSpec input,
    List<String> classes,
    int experts,
    Routing routing,
    RoutingRule rule,
    Graphs graphs,
    @JsonProperty(isRequired = OptBoolean.FALSE) Precision precision,
    Baseline baseline,
    @JsonInclude(JsonInclude.Include.NON_NULL) @JsonProperty(isRequired = OptBoolean.FALSE)
        @Nullable Provenance provenance,
    @JsonInclude(JsonInclude.Include.NON_NULL) @JsonProperty(isRequired = OptBoolean.FALSE)
        @Nullable Results results,
    @JsonInclude(JsonInclude.Include.NON_NULL) @JsonProperty(isRequired = OptBoolean.FALSE)
        @Nullable Imported imported,
    Map<String, FileEntry> files) {
  /** Name of the output of class probabilities, {@code [batch, classes]} FP32. */
  public static final String PROBABILITIES = "probabilities";

  /** Name of the output of the most probable class, {@code [batch]} INT64. */
  public static final String CLASS = "class";

  /** Name of the output of the gate's softmax, {@code [batch, experts]} FP32. */
  public static final String GATE_PROBABILITIES = "gate_probabilities";

  /**
   * Name of the output of the chosen experts, {@code [batch, k]} INT64, by falling weight. A row
   * that chose fewer than k has -1 behind them.
   */
  public static final String EXPERT_INDICES = "expert_indices";

  /** Name of the output of the chosen experts' weights, {@code [batch, k]} FP32; 0 beside a -1. */
  public static final String EXPERT_WEIGHTS = "expert_weights";

  /** Behind a graph's name where its weights lie in a file of their own. */
  private static final String DATA = ".data";

  /** The least number of classes that a model can tell apart. */
  public static final int LEAST_CLASSES = 2;

  /** Which experts a row runs. */
  public enum Routing {
    /** Those that the rule chose; there are split graphs. */
    SPARSE,
    /** All; there is the portable graph alone. */
    DENSE
  }

  /** Checks that the parts fit together. */
  public Manifest {
    classes = List.copyOf(classes);
    files = Map.copyOf(files);
    precision = Objects.requireNonNullElse(precision, Precision.EXACT);
    requireNameAndVersion(name, version);
    if (classes.size() < LEAST_CLASSES) {
      throw new BadInput("a model needs two or more classes; classes=" + classes);
    }
    if (experts < 1 || rule.k() > experts) {
      throw new BadInput("top_k must be in [1, experts]; rule=" + rule + ", experts=" + experts);
    }
    boolean goesTogether =
        routing == Routing.SPARSE
            ? !(rule instanceof RoutingRule.Dense)
            : !(rule instanceof RoutingRule.Certified);
    if (!goesTogether) {
      throw new BadInput("routing " + routing + " does not go with the rule " + rule);
    }
    boolean split = graphs.gate() != null && graphs.experts().size() == experts;
    boolean portableAlone = graphs.gate() == null && graphs.experts().isEmpty();
    if (routing == Routing.SPARSE ? !split : !portableAlone) {
      throw new BadInput(
          "a sparse bundle has a gate graph and one graph an expert, a dense one neither; graphs="
              + graphs);
    }
    if (routing == Routing.DENSE && graphs.portable() == null) {
      throw new BadInput("a dense bundle has a portable graph; graphs=" + graphs);
    }
    if (baseline.share().size() != experts) {
      throw new BadInput("the baseline has one share an expert; share=" + baseline.share());
    }
    for (String path : graphs.all()) {
      if (!files.containsKey(path)) {
        throw new BadInput("the graph " + path + " is not among the files");
      }
    }
    if (!files.containsKey(Bundle.SELF_TEST)) {
      throw new BadInput("the self-test " + Bundle.SELF_TEST + " is not among the files");
    }
  }

  /**
   * Checks what names the folder of a bundle, so that it can be checked before there is one.
   *
   * @throws BadInput when the name has other characters than letters, digits, {@code .}, {@code -}
   *     and {@code _}, or the version is below 1
   */
  public static void requireNameAndVersion(String name, int version) {
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
      throw new BadInput("a model's name is made of letters, digits, '.', '-', '_'; name=" + name);
    }
    if (version < 1) {
      throw new BadInput("a model's version is 1 or more; version=" + version);
    }
  }

  /**
   * What is wrong with where a bundle with this manifest lies: a server takes it from {@code
   * NAME/VERSION} alone. Empty where it lies there.
   */
  public Optional<String> misplacedIn(Path folder) {
    Path place = Path.of(name, Integer.toString(version));
    return folder.toAbsolutePath().normalize().endsWith(place)
        ? Optional.empty()
        : Optional.of(
            "%s: holds the bundle %s; put it into a folder of that name and version"
                .formatted(folder, place));
  }

  /** The files with their checksums, in the order of their paths. */
  @Override
  public Map<String, FileEntry> files() {
    return new TreeMap<>(files);
  }

  /**
   * Bytes of a graph in its files, with the weights that lie beside it.
   *
   * @param graph one of {@link Graphs#all}
   */
  public long bytesOf(String graph) {
    return Stream.of(graph, graph + DATA)
        .map(files::get)
        .filter(Objects::nonNull)
        .mapToLong(FileEntry::bytes)
        .sum();
  }

  /** The graphs among the files, and the weights that lie beside one as {@code NAME.data}. */
  Map<String, FileEntry> graphFiles() {
    Map<String, FileEntry> found = files();
    found.keySet().removeIf(path -> !graphs.all().contains(path.replaceFirst("\\.data$", "")));
    return found;
  }

  /**
   * Graph files, paths relative to the bundle.
   *
   * @param portable the whole model, for any ONNX Runtime; null in a sparse bundle of imported
   *     graphs that do not go into one
   * @param gate rows to gate probabilities; null in a dense bundle
   * @param experts rows to class probabilities, one file an expert; empty in a dense bundle
   */
  public record Graphs(
      @JsonInclude(JsonInclude.Include.NON_NULL) @JsonProperty(isRequired = OptBoolean.FALSE)
          @Nullable String portable,
      @Nullable String gate,
      List<String> experts) {
    /** Copies the list. */
    public Graphs {
      experts = List.copyOf(experts);
    }

    /** Every path. */
    List<String> all() {
      List<String> all = new ArrayList<>(experts);
      Stream.of(portable, gate).filter(Objects::nonNull).forEach(all::add);
      return all;
    }
  }

  /**
   * The load to which live load is compared.
   *
   * @param rows held-out rows
   * @param share [experts] hits over the hits of all; sums to 1
   * @param gateEntropy mean entropy of a row's gate probabilities, bits
   */
  public record Baseline(long rows, List<Double> share, double gateEntropy) {
    /** Copies the list. */
    public Baseline {
      share = List.copyOf(share);
    }
  }

  /**
   * Where the model comes from.
   *
   * @param run id of the run
   * @param teacher id of the run it was distilled from, or null
   * @param dataset the data
   * @param training the resolved configuration of the training, as {@code run.json} has it; for
   *     people, so its keys may change without another format version
   * @param versions versions of the software, by name
   */
  public record Provenance(
      String run,
      @Nullable String teacher,
      Run.Dataset dataset,
      Map<String, Object> training,
      Map<String, String> versions) {
    /** Copies the maps. */
    public Provenance {
      training = Collections.unmodifiableMap(new LinkedHashMap<>(training));
      versions = Collections.unmodifiableMap(new TreeMap<>(versions));
    }
  }

  /**
   * Where an imported model comes from: the ONNX files, and what was made of them.
   *
   * @param gate the gate's file
   * @param experts the experts' files, in their order
   * @param rows {@code given} or {@code drawn}: where the rows of self-test and baseline come from
   * @param seed of the drawing; null for given rows
   */
  public record Imported(Source gate, List<Source> experts, String rows, @Nullable Long seed) {
    /** Copies the list. */
    public Imported {
      experts = List.copyOf(experts);
    }
  }

  /**
   * One file that was imported.
   *
   * @param file its name, without folders
   * @param sha256 lower-case hexadecimal
   * @param producer the program that wrote it, in its own words; may be empty
   * @param opset version of ONNX's operators
   * @param output name of the output that was taken
   * @param kind {@code logits} or {@code probabilities}: what that output is
   */
  public record Source(
      String file, String sha256, String producer, int opset, String output, String kind) {}

  /**
   * One file of the bundle.
   *
   * @param bytes length
   * @param sha256 lower-case hexadecimal
   */
  public record FileEntry(long bytes, String sha256) {}
}
