package dev.gatehouse.exporter.lower;

import dev.gatehouse.exporter.graph.ArithmeticOps;
import dev.gatehouse.exporter.graph.Dim;
import dev.gatehouse.exporter.graph.Graph;
import dev.gatehouse.exporter.graph.IndexOps;
import dev.gatehouse.exporter.graph.NeuralOps;
import dev.gatehouse.exporter.graph.ShapeOps;
import dev.gatehouse.exporter.graph.Value;
import dev.gatehouse.proto.bundle.Manifest;
import dev.gatehouse.proto.file.Safetensors;
import dev.gatehouse.proto.network.GateSpec;
import dev.gatehouse.proto.network.ModelSpec;
import dev.gatehouse.proto.network.Network;
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
   * @param probabilities its softmax, {@code [N, C]}
   */
  record Expert(Value hidden, Value probabilities) {}

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

  /** The network of expert {@code e} over {@code x}, rows that may be a part of the batch. */
  Expert expert(int e, Value x) {
    String scope = "expert_%02d".formatted(e);
    NetworkLowering network =
        new NetworkLowering(graph, weights, model.expert(), ModelSpec.expertPrefix(e), scope);
    Value before = network.trunk(x);
    Value after = network.relu(before);
    Value probabilities = neural().softmax(scope + "/softmax", network.head(after));
    return new Expert(network.tapped(before, after), probabilities);
  }

  /** Every expert over all rows. */
  List<Expert> allExperts() {
    List<Expert> all = new ArrayList<>();
    for (int e = 0; e < model.experts(); e++) {
      all.add(expert(e, rows));
    }
    return List.copyOf(all);
  }

  /** p = softmax(g(x)), {@code [N, M]}. */
  Value softmaxGate(Network network) {
    NetworkLowering gate = gate(network);
    return neural().softmax("gate/softmax", gate.head(gate.relu(gate.trunk(rows))));
  }

  /** p = softmax(q . K_e / sqrt(h)) (arXiv 2302.14703, the attentive gate), {@code [N, M]}. */
  Value attentiveGate(Network network, List<Expert> experts) {
    NetworkLowering gate = gate(network);
    Value query = neural().linear("gate/query", gate.trunk(rows), gate.parameter("query.weight"));
    Value keyWeight = gate.parameter("key.weight");
    List<Value> scores = new ArrayList<>();
    for (int e = 0; e < experts.size(); e++) {
      String scope = "gate/expert_%02d/".formatted(e);
      Value key = neural().linear(scope + "key", experts.get(e).hidden(), keyWeight);
      Value product = arithmetic().multiply(scope + "product", query, key);
      scores.add(arithmetic().sumKeeping(scope + "score", product, 1));
    }
    Value logits = shapes().concat("gate/scores", scores, 1);
    float scale = (float) (1 / Math.sqrt(model.expert().width()));
    Value scaled =
        arithmetic()
            .multiply("gate/logits", logits, graph.constant("gate/scale", List.of(1), scale));
    return neural().softmax("gate/softmax", scaled);
  }

  /** The gate of a model without one: all rows belong to the one expert, {@code [N, 1]}. */
  Value certainGate() {
    Value batch = indices().shape("gate/batch", rows, 0, 1);
    Value shape = shapes().concat("gate/shape", List.of(batch, graph.constant(1)), 0);
    return indices().filled("gate/ones", shape, List.of(Dim.BATCH, Dim.of(1)), 1);
  }

  /** The gate over experts that have run already. */
  Value gateOver(List<Expert> experts) {
    GateSpec gate = model.gate();
    if (gate instanceof GateSpec.Softmax softmax) {
      return softmaxGate(softmax.network());
    }
    if (gate instanceof GateSpec.Attentive attentive) {
      return attentiveGate(attentive.network(), experts);
    }
    return certainGate();
  }

  /** Declares the outputs of a portable graph. */
  void outputs(Value probabilities, Value gate, Value expertIndices, Value expertWeights) {
    graph.output(Manifest.PROBABILITIES, probabilities);
    graph.output(Manifest.CLASS, arithmetic().argMax("class_of_largest", probabilities));
    graph.output(Manifest.GATE_PROBABILITIES, gate);
    graph.output(Manifest.EXPERT_INDICES, expertIndices);
    graph.output(Manifest.EXPERT_WEIGHTS, expertWeights);
  }

  private NetworkLowering gate(Network network) {
    return new NetworkLowering(graph, weights, network, GateSpec.PREFIX, "gate");
  }
}
