package dev.gatehouse.proto.bundle;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.network.InputSpec;
import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.run.Run;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
 * @param baseline expert load and gate entropy of the exported gate on held-out rows
 * @param provenance where the model comes from
 * @param results measurements of the trained model
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
    Baseline baseline,
    Provenance provenance,
    Run.Results results,
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
    requireNameAndVersion(name, version);
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
    if (baseline.share().size() != experts) {
      throw new BadInput("the baseline has one share an expert; share=" + baseline.share());
    }
    for (String path : graphs.all()) {
      if (!files.containsKey(path)) {
        throw new BadInput("the graph " + path + " is not among the files");
      }
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

  /** The files with their checksums, in the order of their paths. */
  @Override
  public Map<String, FileEntry> files() {
    return new TreeMap<>(files);
  }

  /**
   * Graph files, paths relative to the bundle.
   *
   * @param portable the whole model in one file, for any ONNX Runtime
   * @param gate rows to gate probabilities; null in a dense bundle
   * @param experts rows to class probabilities, one file an expert; empty in a dense bundle
   */
  public record Graphs(String portable, @Nullable String gate, List<String> experts) {
    /** Copies the list. */
    public Graphs {
      experts = List.copyOf(experts);
    }

    /** Every path. */
    List<String> all() {
      List<String> all = new java.util.ArrayList<>(experts);
      all.add(portable);
      if (gate != null) {
        all.add(gate);
      }
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
      versions = Map.copyOf(versions);
    }
  }

  /**
   * One file of the bundle.
   *
   * @param bytes length
   * @param sha256 lower-case hexadecimal
   */
  public record FileEntry(long bytes, String sha256) {}
}
