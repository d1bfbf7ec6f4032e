package dev.gatehouse.exporter.inspect;

import dev.gatehouse.exporter.onnx.GraphCost;
import dev.gatehouse.exporter.onnx.OnnxGraph;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.bundle.Bundle;
import dev.gatehouse.proto.bundle.Manifest;
import dev.gatehouse.proto.bundle.ManifestSignature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can be told of a bundle without running it, and, where that is wanted, what a
 * server would measure of it.
 *
 * @param bundle its folder
 * @param manifest what it says of itself
 * @param signedBy fingerprint of the key that its signature names, not checked; null without one
 * @param graphs a graph of those that are served each
 * @param sparse what a row costs as it is served, the mean over rows that load the experts as the
 *     baseline says; null in a dense bundle
 * @param dense what a row costs when every expert runs
 * @param bytes length of all files
 * @param here what was measured on this machine; null where nothing was
 */
public record Inspection(
    String bundle,
    Manifest manifest,
    @Nullable String signedBy,
    List<GraphView> graphs,
    @Nullable RowCost sparse,
    RowCost dense,
    long bytes,
    @Nullable MeasuredHere here) {
  /** Copies the list. */
  public Inspection {
    graphs = List.copyOf(graphs);
  }

  /**
   * One graph.
   *
   * @param file its path in the bundle
   * @param opset version of ONNX's operators
   * @param cost what it costs for one row
   * @param baselineShare share of the hits on the baseline's rows; null where the graph is no
   *     expert
   * @param uncounted nodes whose work is not known, so that the row costs more than {@code cost}
   */
  public record GraphView(
      String file,
      int opset,
      RowCost cost,
      @Nullable Double baselineShare,
      List<String> uncounted) {
    /** Copies the list. */
    public GraphView {
      uncounted = List.copyOf(uncounted);
    }
  }

  /**
   * Looks at a bundle.
   *
   * @throws BadInput when it is none, is damaged, or a graph cannot be read
   */
  public static Inspection of(Path folder) {
    Bundle bundle = Bundle.open(folder);
    Manifest manifest = bundle.manifest();
    List<GraphView> graphs = new ArrayList<>();
    RowCost sparse = null;
    RowCost dense;
    String gate = manifest.graphs().gate();
    if (gate == null) {
      String portable =
          Objects.requireNonNull(
              manifest.graphs().portable(), "a dense bundle has a portable graph");
      graphs.add(graph(bundle, portable, null));
      dense = graphs.get(0).cost();
    } else {
      graphs.add(graph(bundle, gate, null));
      sparse = graphs.get(0).cost();
      dense = sparse;
      for (int e = 0; e < manifest.experts(); e++) {
        double share = manifest.baseline().share().get(e);
        GraphView expert = graph(bundle, manifest.graphs().experts().get(e), share);
        graphs.add(expert);
        sparse = sparse.plus(expert.cost().times(manifest.rule().k() * share));
        dense = dense.plus(expert.cost());
      }
    }
    return new Inspection(
        folder.toString(),
        manifest,
        ManifestSignature.of(folder).map(ManifestSignature::key).orElse(null),
        graphs,
        sparse,
        dense,
        manifest.files().values().stream().mapToLong(Manifest.FileEntry::bytes).sum(),
        null);
  }

  /** This and what was measured. */
  public Inspection with(MeasuredHere measured) {
    return new Inspection(bundle, manifest, signedBy, graphs, sparse, dense, bytes, measured);
  }

  private static GraphView graph(Bundle bundle, String file, @Nullable Double share) {
    Path path = bundle.file(file);
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(path);
    } catch (IOException e) {
      throw new BadInput(path + ": cannot be read: " + e.getMessage(), e);
    }
    OnnxGraph graph = OnnxGraph.parseWithoutWeights(bytes, path.toString());
    GraphCost cost = GraphCost.of(graph);
    return new GraphView(
        file,
        graph.opset(),
        new RowCost(cost.parameters(), cost.weightBytes(), cost.flops(), cost.otherElements()),
        share,
        cost.uncounted());
  }

  /** All of it as lines for a terminal. */
  public List<String> lines() {
    return new Facts(this).lines();
  }

  /** What a row costs as it is served. */
  RowCost served() {
    return sparse == null ? dense : sparse;
  }

  /** Parameters of the whole model. */
  long parameters() {
    return dense.parameters();
  }

  /** Nodes whose work is not known, in all graphs. */
  List<String> uncounted() {
    return graphs.stream()
        .flatMap(graph -> graph.uncounted().stream().map(node -> graph.file() + ": " + node))
        .toList();
  }
}
