package dev.gatehouse.exporter.lower;

import dev.gatehouse.exporter.graph.ArithmeticOps;
import dev.gatehouse.exporter.graph.Graph;
import dev.gatehouse.exporter.graph.IndexOps;
import dev.gatehouse.exporter.graph.NeuralOps;
import dev.gatehouse.exporter.graph.ShapeOps;
import dev.gatehouse.exporter.graph.Value;
import dev.gatehouse.proto.file.Safetensors;
import dev.gatehouse.proto.network.InputSpec.Datatype;
import dev.gatehouse.proto.network.ModelSpec;
import dev.gatehouse.proto.network.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** One graph of a model while it is written: its input, and the model's parts as values. */
final class ModelGraph {
  private final Graph graph;
  private final ModelSpec model;
  private final Safetensors weights;
  private final WeightForm form;
  private final Activations activations;
  private final Deferred input;
  private @Nullable Value normalised;

  ModelGraph(
      String name,
      ModelSpec model,
      Safetensors weights,
      WeightForm form,
      Activations activations,
      Datatype datatype) {
    this.graph = new Graph(name);
    this.model = model;
    this.weights = weights;
    this.form = form;
    this.activations = activations;
    this.input = Preprocessing.input(graph, model.input(), datatype);
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

  /** The rows as they come, {@code [N, ...]}: as many as the batch has. */
  Value raw() {
    return input.value();
  }

  /** All rows as {@code network} takes them, {@code [N, shape of a row]}. */
  Deferred rows(Network network) {
    if (NetworkLowering.takesIn(network)
        && (input.scale() == null || form.takesIn(input.scale()))) {
      return input;
    }
    if (normalised == null) {
      normalised = input.settled(graph, "input/normalised");
    }
    return Deferred.of(normalised);
  }

  private Parameters parameters(String prefix) {
    return new Parameters(graph, weights, prefix, form, activations);
  }

  /**
   * A network of the model.
   *
   * @param prefix of its parameters
   * @param head outputs of its head; empty where that is not to be rounded
   * @param scope starts the names of its nodes
   */
  NetworkLowering network(String prefix, Network network, OptionalInt head, String scope) {
    Parameters parameters = parameters(prefix);
    return new NetworkLowering(
        parameters,
        network,
        scope,
        IntegerLowering.of(parameters, network, model.input().networkShape(), head, scope));
  }

  /** The network of expert {@code e} over {@code x}, rows that may be a part of the batch. */
  Expert expert(int e, Deferred x) {
    String scope = String.format(Locale.ROOT, "expert_%02d", e);
    NetworkLowering network =
        network(
            ModelSpec.expertPrefix(e),
            model.network(),
            OptionalInt.of(model.classes().size()),
            scope);
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
      all.add(expert(e, rows(model.network())));
    }
    return List.copyOf(all);
  }
}
