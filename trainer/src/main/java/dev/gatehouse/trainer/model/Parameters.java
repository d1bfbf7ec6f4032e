package dev.gatehouse.trainer.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.gatehouse.proto.network.ParameterSpec;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The named arrays of a model, all of them views of one flat vector. This object owns them: they
 * live until it is closed, and no forward pass attaches anything to their manager.
 *
 * <p>Gradients are collected for the part of the vector that trains as a whole, so that the engine
 * hands them over as one array and an optimiser moves all parameters by a few operations.
 */
public final class Parameters implements AutoCloseable {
  private final NDManager manager;
  private final ParameterLayout layout;
  private final Map<String, NDArray> frozen;
  private final @Nullable NDArray weights;
  private @Nullable NDArray leaf;

  /**
   * Makes the arrays.
   *
   * @param values row-major values by name, one for each of {@code specs}
   * @param trains which of them are to get gradients
   */
  public Parameters(
      NDManager parent,
      List<ParameterSpec> specs,
      Map<String, float[]> values,
      Predicate<String> trains) {
    layout = ParameterLayout.of(specs, trains);
    float[] all = concatenated(layout.all(), values);
    manager = parent.newSubManager();
    // A copy lies in memory of the engine's own, which is aligned: matrix products may round
    // differently on other alignments.
    NDArray flat;
    try (NDArray copied = manager.create(all)) {
      flat = copied.duplicate();
    }
    int trained = ParameterLayout.elements(layout.trained());
    weights = trained == 0 ? null : flat.get("0:{}", trained);
    frozen = views(flat, layout.all(), manager);
    clearGradients();
  }

  /** The array called {@code name} without a gradient; in-place changes change the parameter. */
  public NDArray frozen(String name) {
    return find(frozen, name);
  }

  /**
   * The arrays for one forward pass, as a gradient sees them where they train.
   *
   * @param scope owns the views; the gradients outlive it
   */
  public Function<String, NDArray> differentiable(NDManager scope) {
    if (leaf == null) {
      return this::frozen;
    }
    Map<String, NDArray> views = new HashMap<>(frozen);
    views.putAll(views(leaf, layout.trained(), scope));
    return name -> find(views, name);
  }

  /** What trains, in the order of {@link #weights}: the gate's parameters first. */
  public List<ParameterSpec> trainable() {
    return layout.trained();
  }

  /** Number of leading elements of {@link #weights} that belong to the gate. */
  public int gateElements() {
    return layout.gateElements();
  }

  /**
   * The values of everything that trains, [P]; in-place changes change the parameters.
   *
   * @throws IllegalStateException when nothing trains
   */
  public NDArray weights() {
    return trained(weights);
  }

  /**
   * The gradients collected since {@link #clearGradients}, [P]; 0 where none has arrived.
   *
   * @param scope owns the answer
   * @throws IllegalStateException when nothing trains
   */
  public NDArray gradient(NDManager scope) {
    NDArray gradient = trained(leaf).getGradient();
    gradient.attach(scope);
    return gradient;
  }

  /**
   * Forgets the gradients. The engine then keeps the next ones as they come, which saves adding
   * them to zeros. Views from {@link #differentiable} of before get no further gradient.
   */
  public void clearGradients() {
    if (leaf != null) {
      leaf.close();
    }
    if (weights != null) {
      // An alias of the same memory: what is read or updated through the weights never enters a
      // gradient graph, whatever thread it is on (the engine's gradient mode is a thread's own).
      leaf = weights.stopGradient();
      leaf.setRequiresGradient(true);
    }
  }

  @Override
  public void close() {
    manager.close();
  }

  private static float[] concatenated(List<ParameterSpec> specs, Map<String, float[]> values) {
    float[] all = new float[ParameterLayout.elements(specs)];
    int at = 0;
    for (ParameterSpec spec : specs) {
      float[] value = values.get(spec.name());
      if (value == null || value.length != spec.elements()) {
        throw new IllegalArgumentException("no value of the right length for " + spec.name());
      }
      System.arraycopy(value, 0, all, at, value.length);
      at += value.length;
    }
    return all;
  }

  /** Consecutive pieces of {@code vector}; one split has one gradient, a concatenation. */
  static Map<String, NDArray> views(NDArray vector, List<ParameterSpec> specs, NDManager owner) {
    long[] starts = new long[specs.size() - 1];
    long at = 0;
    for (int i = 0; i < starts.length; i++) {
      at += specs.get(i).elements();
      starts[i] = at;
    }
    Map<String, NDArray> views = new LinkedHashMap<>();
    NDList pieces = starts.length == 0 ? new NDList(vector) : vector.split(starts);
    for (int i = 0; i < specs.size(); i++) {
      ParameterSpec spec = specs.get(i);
      Shape shape = new Shape(spec.shape().stream().mapToLong(Integer::longValue).toArray());
      NDArray view = pieces.get(i).reshape(shape);
      view.attach(owner);
      views.put(spec.name(), view);
      if (pieces.get(i) != vector) {
        pieces.get(i).close();
      }
    }
    return views;
  }

  private static NDArray find(Map<String, NDArray> all, String name) {
    NDArray array = all.get(name);
    if (array == null) {
      throw new IllegalArgumentException("no parameter named " + name);
    }
    return array;
  }

  private static NDArray trained(@Nullable NDArray array) {
    if (array == null) {
      throw new IllegalStateException("none of these parameters train");
    }
    return array;
  }
}
