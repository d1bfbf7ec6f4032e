package dev.gatehouse.trainer.config;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.file.Json;
import dev.gatehouse.proto.network.InputSpec;
import dev.gatehouse.proto.network.RoutingRule;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Turns layers of settings into a configuration: the defaults, a method, a recipe, a file, flags;
 * the later wins. A file names its recipe and method by the keys {@code recipe} and {@code method}.
 */
public final class Resolution {
  private static final String RECIPE = "recipe";
  private static final String METHOD = "method";

  /** Keys whose insides are described by records of their own. */
  private static final List<String> FREE = List.of("networks", "own", "serving", "rule", "columns");

  private Resolution() {}

  /**
   * The configuration of a training.
   *
   * @param given what a file and flags say, the flags on top
   * @throws BadInput when a key is unknown, a value out of its range, or a preset unknown
   */
  public static TrainConfig train(Settings given) {
    String recipe = given.text(RECIPE);
    String method = given.text(METHOD);
    Settings layers = Settings.none();
    if (method != null) {
      layers = layers.under(Methods.named(method).layer());
    }
    if (recipe != null) {
      layers = layers.under(Recipes.named(recipe).layer());
    }
    Settings own = layers.under(given.without(RECIPE).without(METHOD));
    GateKind gate = gate(own.text("gate"), GateKind.ATTENTIVE);
    Settings defaults = Settings.of(Defaults.train("strokes", null, gate));
    own.requireKnown(defaults, FREE);
    String dataset = own.text("dataset");
    if (dataset != null && DataRef.isTable(dataset) && !own.has("architecture")) {
      own = own.with("architecture", Architectures.FOR_TABLES);
    }
    if (gate == GateKind.NONE && !given.has("experts")) {
      own = own.with("experts", 1);
    }
    return withServing(defaults, own, gate).bind(TrainConfig.class);
  }

  /**
   * The configuration of a distillation.
   *
   * @param given what a file and flags say, the flags on top; {@code teacher} among it
   * @throws BadInput as {@link #train}
   */
  public static DistillConfig distill(Settings given) {
    GateKind gate = gate(given.text("gate"), GateKind.SOFTMAX);
    Settings defaults = Settings.of(Defaults.distill(java.nio.file.Path.of(""), null));
    given.requireKnown(defaults, FREE);
    return withServing(defaults, given, gate).bind(DistillConfig.class);
  }

  /**
   * The configuration of a distillation from a teacher that is known: a gate for rows that are no
   * images is made as {@link #train} makes one, where its teacher has none to take over.
   *
   * @throws BadInput as {@link #train}
   */
  public static DistillConfig distill(Settings given, InputSpec input) {
    return distill(
        given.has("architecture") || input.shape().isImage()
            ? given
            : given.with("architecture", Architectures.FOR_TABLES));
  }

  /**
   * Spells out rules and networks, and serves as the model is trained where nothing else is said.
   */
  private static Settings withServing(Settings defaults, Settings own, GateKind gate) {
    ObjectNode tree = (ObjectNode) defaults.under(own).tree();
    JsonNode training = tree.get("training");
    if (training instanceof ObjectNode numbers) {
      rule(numbers, "rule");
    }
    rule(tree, "serving");
    if (tree.get("networks") instanceof ObjectNode networks) {
      LayerDefaults.fill(networks, gate);
    }
    Settings whole = Settings.of(tree);
    if (own.has("serving")) {
      return whole;
    }
    RoutingRule trained =
        Json.bind(whole.tree().get("training").get("rule"), RoutingRule.class, "training.rule");
    return whole.with("serving", gate.serving(trained));
  }

  private static void rule(ObjectNode at, String key) {
    JsonNode value = at.get(key);
    if (value != null && value.isString()) {
      at.set(key, Json.tree(RoutingRules.parse(value.asString())));
    }
  }

  private static GateKind gate(@Nullable String name, GateKind otherwise) {
    if (name == null) {
      return otherwise;
    }
    for (GateKind kind : GateKind.values()) {
      if (kind.toString().equals(name.toLowerCase(Locale.ROOT))) {
        return kind;
      }
    }
    throw new BadInput("gate must be one of " + List.of(GateKind.values()) + "; gate=" + name);
  }
}
