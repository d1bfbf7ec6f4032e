package dev.gatehouse.proto.bundle;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.file.Json;
import dev.gatehouse.proto.file.Safetensors;
import dev.gatehouse.proto.file.Safetensors.DType;
import dev.gatehouse.proto.file.Safetensors.Tensor;
import dev.gatehouse.proto.network.RoutingRule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Rows as a client would send them, and what the trained model itself said of them under the rule
 * that is served; in a bundle with rounded weights, what it says with these; under a certified
 * rule, which stops early, what every expert together said. Whoever holds a bundle can prove with
 * it that the served graphs are that model.
 *
 * <p>File {@code selftest.safetensors}: tensors {@code rows} (U8 or F32, [rows, shape of a row],
 * raw values before normalisation), {@code labels} (I32 [rows], index of the true class; where it
 * is known), {@code gate_probabilities} (F32 [rows, experts]), {@code outputs} (F32 [rows,
 * classes]); metadata {@code format_version}, {@code classes} (JSON list of names), {@code rule}
 * (JSON).
 *
 * @param rule the rule that is served; the outputs were recorded under {@link
 *     RoutingRule#inOneGraph}
 * @param classes names of the classes, in the order of the outputs
 * @param rows raw rows
 * @param labels [rows] true classes; null where nobody knows them
 * @param gateProbabilities [rows, experts] the trained gate's softmax, row-major
 * @param outputs [rows, classes] the trained model's class probabilities, row-major
 */
public record SelfTest(
    RoutingRule rule,
    List<String> classes,
    Tensor rows,
    int @Nullable [] labels,
    float[] gateProbabilities,
    float[] outputs) {
  /** Rows that a self-test holds, where the data have that many. */
  public static final int ROWS = 256;

  /** The largest difference that parity accepts. */
  public static final double TOLERANCE = 1e-4;

  /** A row whose k-th and next gate probability lie closer than this may be routed either way. */
  public static final double TIE_MARGIN = 1e-4;

  /** The largest share of rows that parity lets go the other way at a tie. */
  public static final double MOST_TIES = 0.02;

  private static final int FORMAT_VERSION = 1;

  // Not in the short form: of its parameters the compiler would not pass on that labels may be
  // null.
  /** Checks that the parts fit together. */
  public SelfTest(
      RoutingRule rule,
      List<String> classes,
      Tensor rows,
      int @Nullable [] labels,
      float[] gateProbabilities,
      float[] outputs) {
    this.rule = rule;
    this.classes = List.copyOf(classes);
    this.rows = rows;
    this.labels = labels;
    this.gateProbabilities = gateProbabilities;
    this.outputs = outputs;
    int n = rows.shape().isEmpty() ? 0 : rows.shape().get(0);
    if (n < 1) {
      throw new BadInput("a self-test has rows; shape=" + rows.shape());
    }
    if (labels != null && labels.length != n) {
      throw new BadInput("a self-test has as many labels as rows; labels=" + labels.length);
    }
    if (rows.dtype() != DType.U8 && rows.dtype() != DType.F32) {
      throw new BadInput("the rows of a self-test are U8 or F32; dtype=" + rows.dtype());
    }
    if (outputs.length != n * classes.size() || gateProbabilities.length % n != 0) {
      throw new BadInput("a self-test has outputs and gate probabilities for each of its rows");
    }
    for (int label : labels == null ? new int[0] : labels) {
      if (label < 0 || label >= classes.size()) {
        throw new BadInput("a label names no class; label=" + label);
      }
    }
  }

  /** Number of rows. */
  public int size() {
    return rows.shape().get(0);
  }

  /** Number of experts. */
  public int experts() {
    return gateProbabilities.length / size();
  }

  /** Writes the file atomically. */
  public void write(Path file) throws IOException {
    new Safetensors(
            Map.of(
                "format_version",
                Integer.toString(FORMAT_VERSION),
                "classes",
                Json.line(classes),
                "rule",
                Json.line(rule)),
            tensors())
        .write(file);
  }

  private Map<String, Tensor> tensors() {
    Map<String, Tensor> tensors = new TreeMap<>();
    tensors.put("rows", rows);
    tensors.put("gate_probabilities", Tensor.of(gateProbabilities, size(), experts()));
    tensors.put("outputs", Tensor.of(outputs, size(), classes.size()));
    if (labels != null) {
      tensors.put("labels", Tensor.of(labels, size()));
    }
    return tensors;
  }

  /**
   * Reads a file that {@link #write} wrote.
   *
   * @throws BadInput when it is missing, damaged, or of another format version
   */
  public static SelfTest read(Path file) {
    Safetensors all = Safetensors.read(file);
    try {
      String version = all.metadata().getOrDefault("format_version", "none");
      if (!version.equals(Integer.toString(FORMAT_VERSION))) {
        throw new BadInput(
            "self-test of format version " + version + "; this Gatehouse reads " + FORMAT_VERSION);
      }
      List<String> classes = classes(meta(all, "classes"));
      Tensor rows = tensor(all, "rows");
      Tensor labels = all.tensors().get("labels");
      int count = rows.shape().isEmpty() ? 0 : rows.shape().get(0);
      return new SelfTest(
          Json.parse(meta(all, "rule"), RoutingRule.class, "metadata rule"),
          classes,
          rows,
          labels == null ? null : labels.ints(),
          tensor(all, "gate_probabilities").floats(),
          all.tensor("outputs", List.of(count, classes.size())).floats());
    } catch (BadInput e) {
      throw new BadInput(file + ": " + e.getMessage(), e);
    }
  }

  /**
   * Compares what one graph says of {@link #rows} with what the trained model said. Hard routing
   * jumps at ties: a row whose gate margin is below {@link #TIE_MARGIN}, and whose output differs
   * by more than {@link #TOLERANCE} but by no more than other experts at the tie can explain, went
   * the other way. It is counted, and its gate probabilities alone are compared. Most rows near a
   * tie go the same way, or it does not matter: a decisive gate's second and third probability are
   * both nearly 0, and then the tie explains next to nothing.
   *
   * @param gate [rows, experts] the served gate's probabilities
   * @param served [rows, classes] the served class probabilities
   */
  public Parity compare(float[] gate, float[] served) {
    return compare(gate, served, row -> 0);
  }

  /**
   * Compares what the engine says of {@link #rows} under {@link #rule}. Where that is certified, a
   * row's outputs may differ by the gate probability of the experts that did not run, and what
   * counts as the difference is what goes beyond; a row with another label than the trained model's
   * may not differ at all. Otherwise as for one graph.
   *
   * @param gate [rows, experts] the served gate's probabilities
   * @param served [rows, classes] the served class probabilities
   * @param chosen [rows, k] the experts that answered a row; -1 for none
   */
  public Parity compare(float[] gate, float[] served, int[] chosen) {
    if (!(rule instanceof RoutingRule.Certified)) {
      return compare(gate, served);
    }
    return compare(
        gate, served, row -> label(served, row) == label(outputs, row) ? massLeft(chosen, row) : 0);
  }

  private Parity compare(float[] gate, float[] served, IntToDoubleFunction allowance) {
    if (gate.length != gateProbabilities.length || served.length != outputs.length) {
      throw new BadInput(
          "the served model answers "
              + gate.length
              + " gate probabilities and "
              + served.length
              + " outputs where the self-test has "
              + gateProbabilities.length
              + " and "
              + outputs.length);
    }
    double gateDifference = 0;
    double outputDifference = 0;
    int ties = 0;
    for (int row = 0; row < size(); row++) {
      gateDifference = worse(gateDifference, difference(gateProbabilities, gate, row, experts()));
      double difference =
          Math.max(
              0, difference(outputs, served, row, classes.size()) - allowance.applyAsDouble(row));
      if (difference > TOLERANCE && difference <= explainedByTie(row)) {
        ties++;
      } else {
        outputDifference = worse(outputDifference, difference);
      }
    }
    return new Parity(size(), ties, gateDifference, outputDifference);
  }

  /** The gate probability of the experts that did not answer a row. */
  private double massLeft(int[] chosen, int row) {
    int k = chosen.length / size();
    boolean[] ran = new boolean[experts()];
    for (int i = row * k; i < (row + 1) * k; i++) {
      if (chosen[i] >= 0) {
        ran[chosen[i]] = true;
      }
    }
    double left = 0;
    for (int e = 0; e < ran.length; e++) {
      left += ran[e] ? 0 : gateProbabilities[row * ran.length + e];
    }
    return left;
  }

  /** The class of a row's largest output, the lower one among equals. */
  private int label(float[] all, int row) {
    int start = row * classes.size();
    int best = start;
    for (int i = start + 1; i < start + classes.size(); i++) {
      best = all[i] > all[best] ? i : best;
    }
    return best - start;
  }

  /**
   * How far a class probability of a row may move when the chosen experts at the tie give way to
   * others: the weight of all chosen ones whose gate probability lies within {@link #TIE_MARGIN} of
   * the next, since every expert's answer is in [0, 1]. The weights themselves move by no more than
   * the margin over the kept mass for each of the k. 0 where no row can go another way.
   */
  private double explainedByTie(int row) {
    if (!(rule instanceof RoutingRule.TopK top) || top.k() >= experts()) {
      return 0;
    }
    float[] p = Arrays.copyOfRange(gateProbabilities, row * experts(), (row + 1) * experts());
    Arrays.sort(p);
    double next = p[p.length - top.k() - 1];
    double kept = 0;
    double tied = 0;
    for (int i = p.length - top.k(); i < p.length; i++) {
      kept += p[i];
      tied += p[i] - next < TIE_MARGIN ? p[i] : 0;
    }
    return tied == 0 ? 0 : (tied + top.k() * TIE_MARGIN) / kept + TOLERANCE;
  }

  /** The larger one; a NaN is worse than any number and stays. */
  private static double worse(double a, double b) {
    return Double.isNaN(a) || a > b ? a : b;
  }

  private static double difference(float[] a, float[] b, int row, int width) {
    double largest = 0;
    for (int i = row * width; i < (row + 1) * width; i++) {
      largest = worse(largest, Math.abs((double) a[i] - b[i]));
    }
    return largest;
  }

  private static String meta(Safetensors all, String key) {
    String value = all.metadata().get(key);
    if (value == null) {
      throw new BadInput("no metadata " + key);
    }
    return value;
  }

  private static List<String> classes(String json) {
    @Nullable String[] names = Json.parse(json, String[].class, "metadata classes");
    if (Arrays.asList(names).contains(null)) {
      throw new BadInput("metadata classes: a name must not be null; classes=" + json);
    }
    return List.of(names);
  }

  private static Tensor tensor(Safetensors all, String name) {
    Tensor tensor = all.tensors().get(name);
    if (tensor == null) {
      throw new BadInput("no tensor named " + name);
    }
    return tensor;
  }
}
