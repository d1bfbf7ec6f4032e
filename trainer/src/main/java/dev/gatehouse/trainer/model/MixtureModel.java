package dev.gatehouse.trainer.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.gatehouse.proto.network.ModelSpec;
import java.util.Map;
import java.util.function.Predicate;

/** A mixture on the device with its parameters; closing it frees them. */
public final class MixtureModel implements AutoCloseable {
  private final ModelSpec spec;
  private final NDManager manager;
  private final Parameters parameters;
  private final Mixture frozen;

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
    this.frozen = Mixture.of(spec, parameters::frozen);
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

  /** Answers raw rows [B, shape of a row] so that gradients reach the parameters. */
  public MixtureOutput train(NDArray raw) {
    return differentiable(raw).forward(raw);
  }

  /** Answers raw rows [B, shape of a row] without gradients. */
  public MixtureOutput predict(NDArray raw) {
    return frozen.forward(raw);
  }

  /**
   * Weighs the experts of raw rows [B, shape of a row] so that gradients reach the gate, without
   * running an expert.
   *
   * @throws IllegalStateException when this gate looks at the experts
   */
  public GateOutput trainGate(NDArray raw) {
    return gateAlone(differentiable(raw), raw);
  }

  /** As {@link #trainGate}, without gradients. */
  public GateOutput predictGate(NDArray raw) {
    return gateAlone(frozen, raw);
  }

  @Override
  public void close() {
    manager.close();
  }

  private Mixture differentiable(NDArray raw) {
    return Mixture.of(spec, parameters.differentiable(raw.getManager()));
  }

  private GateOutput gateAlone(Mixture of, NDArray raw) {
    if (!spec.gate().sparse()) {
      throw new IllegalStateException("this gate needs the experts: " + spec.gate());
    }
    NDArray x = new Normalisation(spec.input()).apply(raw);
    return of.gate().forward(x, x);
  }
}
