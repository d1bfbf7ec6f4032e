package dev.gatehouse.trainer.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.pooling.Pool;
import dev.gatehouse.proto.network.Layer;
import java.util.List;

/**
 * Layers without parameters on arrays whose last axis is the rows: images [channels, height, width,
 * B], features [features, B].
 */
final class RowsLast {
  private RowsLast() {}

  /** True when {@code layer} is one of these. */
  static boolean has(Layer layer) {
    return layer instanceof Layer.MaxPool
        || layer instanceof Layer.Relu
        || layer instanceof Layer.Flatten;
  }

  /** How many of these a network starts with; they give the same for all networks. */
  static int leading(List<Layer> layers) {
    int count = 0;
    while (has(layers.get(count))) {
      count++;
    }
    return count;
  }

  /** What {@code layer} makes of {@code value}. */
  static NDArray apply(Layer layer, NDArray value) {
    if (layer instanceof Layer.MaxPool pool) {
      // The engine pools fastest over the axis that is last in memory; it takes that for channels.
      Shape square = new Shape(pool.size(), pool.size());
      return Pool.maxPool2d(value.transpose(0, 3, 1, 2), square, square, new Shape(0, 0), false)
          .transpose(0, 2, 3, 1);
    }
    if (layer instanceof Layer.Relu) {
      return Activation.relu(value);
    }
    if (layer instanceof Layer.Flatten) {
      return value.reshape(-1, rows(value));
    }
    throw new AssertionError("a layer with parameters: " + layer);
  }

  /** Number of rows of {@code value}. */
  static long rows(NDArray value) {
    return value.getShape().get(value.getShape().dimension() - 1);
  }

  /**
   * The elements under each place of a kernel, then ones.
   *
   * @param image [channels, height, width, B]
   * @return [channels kernel^2 + 1, height, width, B], height and width of the convolution's
   *     output; the order of the first axis is that of a kernel's weights
   */
  static NDArray patches(NDArray image, Layer.Conv2d conv) {
    int p = conv.padding();
    NDArray padded = p == 0 ? image : image.pad(new Shape(0, 0, p, p, p, p), 0);
    Shape shape = padded.getShape();
    long height = shape.get(1) - conv.kernel() + 1;
    long width = shape.get(2) - conv.kernel() + 1;
    NDList planes = new NDList();
    for (int channel = 0; channel < shape.get(0); channel++) {
      for (int i = 0; i < conv.kernel(); i++) {
        for (int j = 0; j < conv.kernel(); j++) {
          planes.add(
              padded.get(
                  new NDIndex()
                      .addIndices(channel)
                      .addSliceDim(i, i + height)
                      .addSliceDim(j, j + width)));
        }
      }
    }
    planes.add(image.getManager().ones(planes.get(0).getShape(), image.getDataType()));
    return NDArrays.stack(planes);
  }
}
