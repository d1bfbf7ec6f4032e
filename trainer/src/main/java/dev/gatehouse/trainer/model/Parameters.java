package dev.gatehouse.trainer.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.gatehouse.proto.network.ParameterSpec;
import java.nio.FloatBuffer;
import java.util.HashMap;
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
  private final List<ParameterSpec> trainable;
  private final NDArray weights;
  private final NDArray fixed;
  private final Map<String, NDArray> byName;
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
    trainable = ParameterLayout.flat(layout.trained());
    List<ParameterSpec> others = ParameterLayout.flat(layout.fixed());
    float[] trained = concatenated(trainable, values);
    float[] rest = concatenated(others, values);
    manager = parent.newSubManager();
    weights = vector(trained);
    fixed = vector(rest);
    byName = new HashMap<>(views(weights, trainable, manager));
    byName.putAll(views(fixed, others, manager));
    clearGradients();
  }

  /** The array called {@code name} without a gradient; in-place changes change the parameter. */
  public NDArray frozen(String name) {
    return find(byName, name);
  }

  /**
   * The arrays for one forward pass, as a gradient sees them where they train.
   *
   * @param scope owns the views; the gradients outlive it
   */
  public Function<String, NDArray> differentiable(NDManager scope) {
    return differentiable(scope, 1);
  }

  /**
   * As {@link #differentiable(NDManager)}, the parameters of {@code group} experts together being
   * one array; for its name see {@link ParameterLayout#grouped}.
   */
  Function<String, NDArray> differentiable(NDManager scope, int group) {
    return grouped(leaf == null ? weights : leaf, scope, group);
  }

  /** As {@link #differentiable(NDManager, int)}, without gradients. */
  Function<String, NDArray> frozen(NDManager scope, int group) {
    return grouped(weights, scope, group);
  }

  /** What trains, in the order of {@link #weights}: the gate's parameters first. */
  public List<ParameterSpec> trainable() {
    return trainable;
  }

  /** Number of leading elements of {@link #weights} that belong to the gate. */
  public int gateElements() {
    return layout.gateElements();
  }

  /** The values of everything that trains, [P]; in-place changes change the parameters. */
  public NDArray weights() {
    return weights;
  }

  /**
   * The gradients collected since {@link #clearGradients}, [P]; 0 where none has arrived.
   *
   * @param scope owns the answer
   * @throws IllegalStateException when nothing trains
   */
  public NDArray gradient(NDManager scope) {
    if (leaf == null) {
      throw new IllegalStateException("none of these parameters train");
    }
    NDArray gradient = leaf.getGradient();
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
    if (!trainable.isEmpty()) {
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

  private Function<String, NDArray> grouped(NDArray trained, NDManager scope, int group) {
    Map<String, NDArray> views = new HashMap<>();
    views.putAll(views(trained, ParameterLayout.grouped(layout.trained(), group), scope));
    views.putAll(views(fixed, ParameterLayout.grouped(layout.fixed(), group), scope));
    return name -> find(views, name);
  }

  private NDArray vector(float[] values) {
    if (values.length == 0) {
      return manager.zeros(new Shape(0));
    }
    // A copy lies in the engine's own memory, whose alignment is always the same; matrix products
    // may round differently on another.
    try (NDArray copied = manager.create(values)) {
      return copied.duplicate();
    }
  }

  private static float[] concatenated(List<ParameterSpec> specs, Map<String, float[]> values) {
    FloatBuffer all = FloatBuffer.allocate(ParameterLayout.elements(specs));
    for (ParameterSpec spec : specs) {
      float[] value = values.get(spec.name());
      if (value == null || value.length != spec.elements()) {
        throw new IllegalArgumentException("no value of the right length for " + spec.name());
      }
      all.put(value);
    }
    return all.array();
  }

  /** Consecutive pieces of {@code vector}; the gradient of one split is one concatenation. */
  private static Map<String, NDArray> views(
      NDArray vector, List<ParameterSpec> specs, NDManager owner) {
    if (specs.isEmpty()) {
      return Map.of();
    }
    long[] starts = new long[specs.size() - 1];
    long at = 0;
    for (int i = 0; i < starts.length; i++) {
      at += specs.get(i).elements();
      starts[i] = at;
    }
    NDList pieces = starts.length == 0 ? new NDList(vector) : vector.split(starts);
    Map<String, NDArray> views = new HashMap<>();
    for (int i = 0; i < specs.size(); i++) {
      ParameterSpec spec = specs.get(i);
      Shape shape = new Shape(spec.shape().stream().mapToLong(Integer::longValue).toArray());
      NDArray piece = pieces.get(i);
      NDArray view = piece.reshape(shape);
      view.attach(owner);
      views.put(spec.name(), view);
      if (piece != vector) {
        piece.close();
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
}
