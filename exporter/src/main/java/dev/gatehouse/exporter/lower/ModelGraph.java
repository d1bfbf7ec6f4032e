package dev.gatehouse.exporter.lower;

import dev.gatehouse.exporter.graph.ArithmeticOps;
import dev.gatehouse.exporter.graph.Graph;
import dev.gatehouse.exporter.graph.IndexOps;
import dev.gatehouse.exporter.graph.NeuralOps;
import dev.gatehouse.exporter.graph.ShapeOps;
import dev.gatehouse.exporter.graph.Value;
import dev.gatehouse.proto.file.Safetensors;
import dev.gatehouse.proto.network.ModelSpec;
import java.util.ArrayList;
import java.util.List;

/** One graph of a model while it is written: its input, and the model's parts as values. */
final class ModelGraph {
  private final Graph graph;
  private final ModelSpec model;
  private final Safetensors weights;
  private final Value rows;

  ModelGraph(String name, ModelSpec model, Safetensors weights) {
    this.graph = new Graph(name);
    this.model = model;
    this.weights = weights;
    this.rows = Preprocessing.input(graph, model.input());
  }

  /**
   * An expert's values for some rows.
   *
   * @param hidden its last hidden layer as an attentive gate reads it, {@code [N, h]}
   * @param logits {@code [N, C]}
   * @param probabilities their softmax, {@code [N, C]}
   */
  record Expert(Value hidden, Value logits, Value probabilities) {}

  Graph graph() {
    return graph;
  }

  ModelSpec model() {
    return model;
  }

  NeuralOps neural() {
    return new NeuralOps(graph);
  }

  ArithmeticOps arithmetic() {
    return new ArithmeticOps(graph);
  }

  ShapeOps shapes() {
    return new ShapeOps(graph);
  }

  IndexOps indices() {
    return new IndexOps(graph);
  }

  /** The normalised rows, {@code [N, shape of a row]}. */
  Value rows() {
    return rows;
  }

  /** The parameters whose names begin with {@code prefix}. */
  Parameters parameters(String prefix) {
    return new Parameters(graph, weights, prefix);
  }

  /** The network of expert {@code e} over {@code x}, rows that may be a part of the batch. */
  Expert expert(int e, Value x) {
    String scope = "expert_%02d".formatted(e);
    NetworkLowering network =
        new NetworkLowering(parameters(ModelSpec.expertPrefix(e)), model.network(), scope);
    Value before = network.trunk(x);
    Value after = network.relu(before);
    Value logits = network.head(after);
    Value probabilities = neural().softmax(scope + "/softmax", logits);
    return new Expert(network.tapped(before, after), logits, probabilities);
  }

  /** Every expert over all rows. */
  List<Expert> allExperts() {
    List<Expert> all = new ArrayList<>();
    for (int e = 0; e < model.experts(); e++) {
      all.add(expert(e, rows));
    }
    return List.copyOf(all);
  }
}
