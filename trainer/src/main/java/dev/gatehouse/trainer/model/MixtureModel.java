package dev.gatehouse.trainer.model;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.gatehouse.proto.network.GateSpec;
import dev.gatehouse.proto.network.ModelSpec;
import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.trainer.array.Devices;
import dev.gatehouse.trainer.array.Elements;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A mixture on the device with its parameters; closing it frees them. */
public final class MixtureModel implements AutoCloseable {
  private final ModelSpec spec;
  private final NDManager manager;
  private final Parameters parameters;
  private final OwnParts own;

  /** Puts a model on the {@linkplain Devices#preferred preferred} device. */
  public MixtureModel(ModelSpec spec, Map<String, float[]> values, Predicate<String> trains) {
    this(spec, values, trains, Devices.preferred());
  }

  /**
   * Puts a model on a device; everything that is made for it lies there too.
   *
   * @param values values of every parameter of {@code spec}, by name
   * @param trains names of the parameters that are to get gradients
   * @throws dev.gatehouse.proto.BadInput when a class of the user's own that the model needs is not
   *     on the class path, or is another by now
   */
  public MixtureModel(
      ModelSpec spec, Map<String, float[]> values, Predicate<String> trains, Device device) {
    Convolution.examine();
    this.spec = spec;
    this.own = OwnParts.of(spec);
    this.manager = NDManager.newBaseManager(device);
    this.parameters = new Parameters(manager, spec.parameters(), values, trains);
  }

  /** The architecture. */
  public ModelSpec spec() {
    return spec;
  }

  /** The parent of every scope that works on this model. */
  public NDManager manager() {
    return manager;
  }

  /** The parameters; this model owns them. */
  public Parameters parameters() {
    return parameters;
  }

  /** The values of every parameter as they are now, row-major, by name. */
  public Map<String, float[]> values() {
    Map<String, float[]> values = new LinkedHashMap<>();
    spec.parameters()
        .forEach(p -> values.put(p.name(), Elements.floats(parameters.frozen(p.name()))));
    return values;
  }

  /**
   * Answers raw rows [B, shape of a row] so that gradients reach the parameters.
   *
   * @param labels [B] 64-bit true classes
   */
  public MixtureOutput train(NDArray raw, NDArray labels, Pass pass) {
    return differentiable(raw).mixture().forward(raw, labels, pass);
  }

  /** True when {@link #trainChosen} gives the same as {@link #train}, and sooner. */
  public boolean chosenIsFaster(RoutingRule rule) {
    return Execution.runsChosen(spec, rule);
  }

  /**
   * As {@link #train}, the answers combined under {@code rule}, and each row running only the
   * experts that the rule chooses. What is answered and learnt is the same, as long as no batch
   * normalisation looks at several rows at once; {@link #chosenIsFaster} says when to do so.
   *
   * @throws IllegalStateException when this gate looks at the experts
   */
  public ChosenOutput trainChosen(NDArray raw, RoutingRule.TopK rule, Pass pass) {
    ModelParts parts =
        ModelParts.of(spec, execution(raw), parameters.differentiable(raw.getManager()), own);
    NDArray x = normalised(raw);
    GateOutput gate = alone(parts.gate(), x, pass);
    NDArray chosen = Combination.top(gate.probabilities(), rule.k());
    NDArray answers = new ChosenExperts(parts.each()).answers(x, chosen, pass);
    return new ChosenOutput(x, gate, Combination.combinedChosen(gate, chosen, answers));
  }

  /**
   * Answers raw rows [B, shape of a row] without gradients.
   *
   * @param labels [B] 64-bit true classes, for a gate that needs them; null where they are not
   *     known
   */
  public MixtureOutput predict(NDArray raw, @Nullable NDArray labels) {
    return frozen(raw).mixture().forward(raw, labels, inference());
  }

  /**
   * Weighs the experts of raw rows [B, shape of a row] so that gradients reach the gate, without
   * running an expert.
   *
   * @throws IllegalStateException when this gate looks at the experts
   */
  public GatedRows trainGate(NDArray raw, Pass pass) {
    Gate gate = differentiable(raw).gate();
    NDArray x = normalised(raw);
    return new GatedRows(x, alone(gate, x, pass));
  }

  /**
   * As {@link #trainGate}, without gradients.
   *
   * @throws IllegalStateException when this gate looks at the experts
   */
  public GateOutput predictGate(NDArray raw) {
    return alone(frozen(raw).gate(), normalised(raw), inference());
  }

  /**
   * How many units of each hidden layer of a plain gate some raw rows [B, shape of a row] bring to
   * life, from the first layer to the last.
   *
   * @throws IllegalStateException when this gate is no plain one
   */
  public List<LiveUnits> gateUnits(NDArray raw) {
    if (!(spec.gate() instanceof GateSpec.Softmax)) {
      throw new IllegalStateException("not a plain gate: " + spec.gate());
    }
    NDManager scope = raw.getManager();
    return new NetworkForward(
            Objects.requireNonNull(spec.gate().network()),
            Execution.Form.CHANNELS_LAST,
            GateSpec.PREFIX,
            parameters.frozen(scope, 1),
            new SharedInput())
        .liveUnits(normalised(raw));
  }

  @Override
  public void close() {
    manager.close();
  }

  private Pass inference() {
    return Pass.inference(spec.gate().temperature());
  }

  private ModelParts differentiable(NDArray raw) {
    Execution execution = execution(raw);
    return ModelParts.of(
        spec, execution, parameters.differentiable(raw.getManager(), execution.group()), own);
  }

  private ModelParts frozen(NDArray raw) {
    Execution execution = execution(raw);
    return ModelParts.of(
        spec, execution, parameters.frozen(raw.getManager(), execution.group()), own);
  }

  private Execution execution(NDArray raw) {
    return Execution.of(spec, raw.getShape().get(0));
  }

  private NDArray normalised(NDArray raw) {
    return new Normalisation(spec.input()).apply(raw);
  }

  private static GateOutput alone(Gate gate, NDArray x, Pass pass) {
    return gate.forward(new GateInput(x, null, null, pass));
  }
}
