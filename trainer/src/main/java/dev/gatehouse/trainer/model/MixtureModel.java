package dev.gatehouse.trainer.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.gatehouse.proto.network.ModelSpec;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A mixture on the device with its parameters; closing it frees them. */
public final class MixtureModel implements AutoCloseable {
  private final ModelSpec spec;
  private final NDManager manager;
  private final Parameters parameters;

  /**
   * Puts a model on the device.
   *
   * @param values values of every parameter of {@code spec}, by name
   * @param trains names of the parameters that are to get gradients
   */
  public MixtureModel(ModelSpec spec, Map<String, float[]> values, Predicate<String> trains) {
    this.spec = spec;
    this.manager = NDManager.newBaseManager();
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

  /**
   * Answers raw rows [B, shape of a row] so that gradients reach the parameters.
   *
   * @param labels [B] 64-bit true classes
   */
  public MixtureOutput train(NDArray raw, NDArray labels, Pass pass) {
    return differentiable(raw).forward(raw, labels, pass);
  }

  /**
   * Answers raw rows [B, shape of a row] without gradients.
   *
   * @param labels [B] 64-bit true classes, for a gate that needs them; null where they are not
   *     known
   */
  public MixtureOutput predict(NDArray raw, @Nullable NDArray labels) {
    return frozen(raw).forward(raw, labels, inference());
  }

  /**
   * Weighs the experts of raw rows [B, shape of a row] so that gradients reach the gate, without
   * running an expert.
   *
   * @throws IllegalStateException when this gate looks at the experts
   */
  public GateOutput trainGate(NDArray raw, Pass pass) {
    return gateAlone(differentiable(raw), raw, pass);
  }

  /** As {@link #trainGate}, without gradients. */
  public GateOutput predictGate(NDArray raw) {
    return gateAlone(frozen(raw), raw, inference());
  }

  @Override
  public void close() {
    manager.close();
  }

  private Pass inference() {
    return Pass.inference(spec.gate().temperature());
  }

  private Mixture differentiable(NDArray raw) {
    Execution execution = execution(raw);
    return Mixture.of(
        spec, execution, parameters.differentiable(raw.getManager(), execution.group()));
  }

  private Mixture frozen(NDArray raw) {
    Execution execution = execution(raw);
    return Mixture.of(spec, execution, parameters.frozen(raw.getManager(), execution.group()));
  }

  private Execution execution(NDArray raw) {
    return Execution.of(spec, raw.getShape().get(0));
  }

  private GateOutput gateAlone(Mixture of, NDArray raw, Pass pass) {
    NDArray x = new Normalisation(spec.input()).apply(raw);
    return of.gate().forward(new GateInput(x, null, null, pass));
  }
}
