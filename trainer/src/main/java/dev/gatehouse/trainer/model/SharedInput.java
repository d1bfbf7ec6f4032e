package dev.gatehouse.trainer.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import dev.gatehouse.proto.network.Layer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the networks of a model make of the same rows, made once: another order in memory, layers
 * without parameters at their start, the patches under the kernel of a first convolution. It serves
 * one forward pass, whose scope owns the arrays.
 */
final class SharedInput {
  private final Map<List<Object>, NDArray> made = new HashMap<>();
  private @Nullable NDArray rows;

  /**
   * The rows behind {@code layers}, the rows being the last axis.
   *
   * @param x [B, shape of a row]
   * @param layers layers without parameters
   * @return images [channels, height, width, B], or [features, B]
   */
  NDArray rowsLast(NDArray x, List<Layer> layers) {
    return once(
        x,
        List.of("rows last", layers),
        () -> {
          Shape row = x.getShape().slice(1);
          NDArray value = x.reshape(x.getShape().get(0), -1).transpose();
          value = value.reshape(row.add(x.getShape().get(0)));
          for (Layer layer : layers) {
            value = RowsLast.apply(layer, value);
          }
          return value;
        });
  }

  /** {@link RowsLast#patches} of the rows behind {@code layers}. */
  NDArray patches(NDArray x, List<Layer> layers, Layer.Conv2d conv) {
    return once(
        x,
        List.of("patches", layers, conv.kernel(), conv.padding()),
        () -> RowsLast.patches(rowsLast(x, layers), conv));
  }

  /** Images [B, channels, height, width], the channels of a pixel side by side in memory. */
  NDArray channelsLast(NDArray x) {
    return once(
        x,
        List.of("channels last"),
        () -> {
          // Stacking writes a new array in the order of its axes; a duplicate keeps the old order.
          NDArray ordered = NDArrays.stack(new NDList(x.transpose(0, 2, 3, 1))).squeeze(0);
          return ordered.transpose(0, 3, 1, 2);
        });
  }

  private NDArray once(NDArray x, List<Object> what, Supplier<NDArray> make) {
    if (x != rows) {
      rows = x;
      made.clear();
    }
    NDArray known = made.get(what);
    if (known == null) {
      known = make.get();
      made.put(what, known);
    }
    return known;
  }
}
