package dev.gatehouse.trainer.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.gatehouse.proto.network.ParameterSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The named arrays of a model. This object owns them: they live until it is closed, and no forward
 * pass attaches anything to their manager.
 */
public final class Parameters implements AutoCloseable {
  private final NDManager manager;
  private final Map<String, NDArray> arrays = new LinkedHashMap<>();
  private final Map<String, NDArray> frozen = new LinkedHashMap<>();
  private final List<String> trainable = new ArrayList<>();

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
    manager = parent.newSubManager();
    for (ParameterSpec spec : specs) {
      float[] value = values.get(spec.name());
      if (value == null || value.length != spec.elements()) {
        manager.close();
        throw new IllegalArgumentException("no value of the right length for " + spec.name());
      }
      Shape shape = new Shape(spec.shape().stream().mapToLong(Integer::longValue).toArray());
      NDArray array = manager.create(value, shape);
      // An alias of the same memory: what is read or updated through it never enters a gradient
      // graph, whatever thread it is on (the engine's gradient mode is a thread's own).
      frozen.put(spec.name(), array.stopGradient());
      if (trains.test(spec.name())) {
        array.setRequiresGradient(true);
        trainable.add(spec.name());
      }
      arrays.put(spec.name(), array);
    }
  }

  /** The array called {@code name}, as a gradient sees it. */
  public NDArray get(String name) {
    return find(arrays, name);
  }

  /** The same memory without a gradient; in-place changes of it change the parameter. */
  public NDArray frozen(String name) {
    return find(frozen, name);
  }

  /** Names of the parameters that get gradients, in order. */
  public List<String> trainable() {
    return List.copyOf(trainable);
  }

  @Override
  public void close() {
    manager.close();
  }

  private static NDArray find(Map<String, NDArray> all, String name) {
    NDArray array = all.get(name);
    if (array == null) {
      throw new IllegalArgumentException("no parameter named " + name);
    }
    return array;
  }
}
