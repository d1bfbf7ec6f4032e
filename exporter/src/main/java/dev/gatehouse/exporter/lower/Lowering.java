package dev.gatehouse.exporter.lower;

import dev.gatehouse.exporter.graph.OnnxFile;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.bundle.Manifest;
import dev.gatehouse.proto.file.Json;
import dev.gatehouse.proto.file.Safetensors;
import dev.gatehouse.proto.network.InputSpec.Datatype;
import dev.gatehouse.proto.network.ModelSpec;
import dev.gatehouse.proto.network.Network;
import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.network.Shape;
import dev.gatehouse.proto.run.Run;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Lowers a model under a routing rule, graph by graph: each is made when it is asked for. Every
 * graph takes the raw values of rows, {@code [N, shape of a row]}, under the input's name.
 *
 * <p>The portable graph says which run it comes from. The split graphs say nothing but what they
 * compute, so that those of the same weights are the same to the byte, whatever run or version they
 * belong to.
 */
public final class Lowering {
  /** What the graphs call their producer. */
  public static final String PRODUCER = "gatehouse";

  private final ModelSpec model;
  private final Safetensors weights;
  private final RoutingRule rule;
  private final String run;
  private final WeightForm form;
  private final Activations activations;
  private final Datatype input;

  private Lowering(
      ModelSpec model,
      Safetensors weights,
      RoutingRule rule,
      String run,
      WeightForm form,
      Activations activations,
      Datatype input) {
    this.model = model;
    this.weights = weights;
    this.rule = rule;
    this.run = run;
    this.form = form;
    this.activations = activations;
    this.input = input;
  }

  /**
   * Lowers a model.
   *
   * @param model the architecture
   * @param weights every parameter of the model
   * @param rule which experts answer a row
   * @param run id of the run, for the portable graph's metadata
   * @param form what may be chosen
   * @throws BadInput when the model cannot be served under the rule, or its values are no bytes
   *     where the form's input is
   */
  public Lowering(
      ModelSpec model, Safetensors weights, RoutingRule rule, String run, GraphForm form) {
    this(
        model,
        weights,
        rule,
        run,
        WeightForm.of(form.weights()),
        new Activations.Floats(),
        form.input());
    model.servable(rule);
    if (form.input() == Datatype.UINT8 && model.input().datatype() != Datatype.UINT8) {
      throw new BadInput(
          "a graph that takes uint8 needs data that are bytes; %s is %s"
              .formatted(model.input().name(), model.input().datatype()));
    }
  }

  /** A run's model under the rule that it is to be served with. */
  public static Lowering of(Run run, Safetensors weights, GraphForm form) {
    return new Lowering(run.model(), weights, run.serving(), run.id(), form);
  }

  /** The same model with the same numbers, each stored as a float32, and operators over those. */
  public Lowering spelledOut() {
    Activations spelled =
        activations instanceof Activations.Rounded rounded
            ? new Activations.Rounded(rounded.ranges(), new SpelledIntegers())
            : activations;
    return new Lowering(
        model, weights, rule, run, new SpelledWeights(form), spelled, Datatype.FP32);
  }

  /** The same with the larger layers computed in integers. */
  public Lowering inIntegers(ActivationRanges ranges) {
    return with(new Activations.Rounded(ranges, new IntegerKernels()));
  }

  /** Whether a model of this architecture has layers that integers make faster. */
  public static boolean hasIntegers(ModelSpec model) {
    Shape input = model.input().networkShape();
    OptionalInt head = OptionalInt.of(model.classes().size());
    Network gate = model.gate().network();
    return IntegerLayers.of(model.network(), input, head).any()
        || (gate != null && IntegerLayers.of(gate, input, OptionalInt.empty()).any());
  }

  private Lowering with(Activations other) {
    return new Lowering(model, weights, rule, run, form, other, input);
  }

  /** Whether there are split graphs. */
  public boolean isSparse() {
    return model.runsSparsely(rule);
  }

  /** Number of experts, M. */
  public int experts() {
    return model.experts();
  }

  /**
   * The whole model. Outputs {@code probabilities} [N, C], {@code class} [N] INT64, {@code
   * gate_probabilities} [N, M], {@code expert_indices} [N, k] INT64, {@code expert_weights} [N, k].
   */
  public OnnxFile portable() {
    ModelGraph portable = graph("model", input);
    if (isSparse() && rule instanceof RoutingRule.TopK top) {
      SparseMixture.write(portable, top.k());
    } else {
      DenseMixture.write(portable, rule.inOneGraph());
    }
    return portable
        .graph()
        .finished(
            PRODUCER,
            Map.of(
                "run", run,
                "classes", Json.line(model.classes()),
                "normalisation", Json.line(model.input().normalisation()),
                "rule", Json.line(rule)));
  }

  /**
   * The gate of a model that runs sparsely. Output {@code gate_probabilities} [N, M].
   *
   * @throws IllegalArgumentException when the gate needs the experts' answers
   */
  public OnnxFile gate() {
    ModelGraph gate = graph("gate", Datatype.FP32);
    gate.graph().output(Manifest.GATE_PROBABILITIES, new GateLowering(gate).alone());
    return split(gate);
  }

  /** Expert {@code e}. Output {@code probabilities} [N, C]. */
  public OnnxFile expert(int e) {
    ModelGraph expert = graph(String.format(Locale.ROOT, "expert_%03d", e), Datatype.FP32);
    expert
        .graph()
        .output(
            Manifest.PROBABILITIES, expert.expert(e, expert.rows(model.network())).probabilities());
    return split(expert);
  }

  /**
   * Every expert over every row in float32, to see what flows into the larger layers. Outputs
   * {@code gate_probabilities} [N, M], and for each such layer {@link ActivationRanges#least} and
   * {@link ActivationRanges#largest} [N].
   */
  public OnnxFile observed() {
    ModelGraph observed = with(new Activations.Observed()).graph("observed", Datatype.FP32);
    observed
        .graph()
        .output(
            Manifest.GATE_PROBABILITIES, new GateLowering(observed).over(observed.allExperts()));
    return split(observed);
  }

  private static OnnxFile split(ModelGraph graph) {
    return graph.graph().finished(PRODUCER, Map.of());
  }

  private ModelGraph graph(String name, Datatype datatype) {
    return new ModelGraph(name, model, weights, form, activations, datatype);
  }
}
