package dev.gatehouse.exporter.lower;

import dev.gatehouse.proto.network.Layer;
import dev.gatehouse.proto.network.Network;
import dev.gatehouse.proto.network.Shape;
import java.util.List;
import java.util.OptionalInt;

/**
 * Which layers of a network compute in integers where a model does: all up to the last large one.
 * One is large whose sums are of at least {@value #LEAST_INPUTS} products, and that makes at least
 * {@value #LEAST_PRODUCTS} of them a row: to round what flows into it is little work beside that.
 *
 * <p>What comes before a large layer computes in integers however small it is. Sums of floats
 * depend on the order that a kernel adds them in, and where they are rounded afterwards, a last bit
 * may become a whole level. Sums of integers do not, so that an answer is the same at every level
 * of optimisation and beside whatever other rows. So does what takes the levels that the last large
 * layer makes, if that is a convolution.
 *
 * @param network the network
 * @param last the last of them: a layer of the trunk, their number for the head, or -1 for none
 */
record IntegerLayers(Network network, int last) {
  static final int LEAST_INPUTS = 64;
  static final int LEAST_PRODUCTS = 1 << 15;

  /** Products of levels and weights that 32 bits can hold the sum of, less some for a bias. */
  private static final int MOST_INPUTS =
      (Integer.MAX_VALUE - IntegerWeights.MOST_BIAS) / (Levels.LARGEST * IntegerWeights.MOST_STEPS);

  /**
   * Those of a network.
   *
   * @param input shape of its rows
   * @param head outputs of its head; empty where that stays as it is
   */
  static IntegerLayers of(Network network, Shape input, OptionalInt head) {
    List<Shape> shapes = network.shapes(input);
    int layers = network.trunk().size();
    int last = -1;
    long most = 0;
    for (int i = 0; i < layers; i++) {
      if (isWeighted(network.trunk().get(i))) {
        long products = network.trunk().get(i).multiplyAdds(shapes.get(i));
        long inputs = products / shapes.get(i + 1).elements();
        most = Math.max(most, inputs);
        last = isLarge(inputs, products) && most <= MOST_INPUTS ? i : last;
      }
    }
    int width = network.width();
    if (head.isPresent()
        && isLarge(width, (long) width * head.getAsInt())
        && Math.max(most, width) <= MOST_INPUTS) {
      return new IntegerLayers(network, layers);
    }
    return new IntegerLayers(network, last).withReaders();
  }

  /** Up to the layer that takes the levels of the last one, if that is a convolution. */
  private IntegerLayers withReaders() {
    if (!any() || !(network.trunk().get(last) instanceof Layer.Conv2d)) {
      return this;
    }
    int reader = readerOf(last);
    return isWeighted(network.trunk().get(reader))
        ? new IntegerLayers(network, reader).withReaders()
        : this;
  }

  private static boolean isLarge(long inputs, long products) {
    return inputs >= LEAST_INPUTS && products >= LEAST_PRODUCTS;
  }

  /** Whether any does. */
  boolean any() {
    return last >= 0;
  }

  /** Whether layer {@code i} of the trunk does: a convolution or linear layer. */
  boolean has(int i) {
    return i <= last && isWeighted(network.trunk().get(i));
  }

  /** Whether the head does. */
  boolean hasHead() {
    return last == network.trunk().size();
  }

  /** The layer of the trunk that reads what convolution {@code i} makes as more than levels. */
  int readerOf(int i) {
    int next = NetworkLowering.isNormalised(network.trunk(), i) ? i + 2 : i + 1;
    while (keepsLevels(network.trunk().get(next))) {
      next++;
    }
    return next;
  }

  /** Whether layer {@code i} reads numbers where a convolution in integers makes levels. */
  boolean readsNumbers(int i) {
    for (int before = 0; before < i; before++) {
      if (has(before)
          && network.trunk().get(before) instanceof Layer.Conv2d
          && readerOf(before) == i) {
        return !has(i);
      }
    }
    return false;
  }

  private static boolean isWeighted(Layer layer) {
    return layer instanceof Layer.Conv2d || layer instanceof Layer.Linear;
  }

  private static boolean keepsLevels(Layer layer) {
    return layer instanceof Layer.MaxPool
        || layer instanceof Layer.Relu
        || layer instanceof Layer.Flatten;
  }
}
