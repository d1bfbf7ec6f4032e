package dev.gatehouse.exporter.lower;

import dev.gatehouse.exporter.graph.NeuralOps;
import dev.gatehouse.exporter.graph.Pads;
import dev.gatehouse.exporter.graph.ShapeOps;
import dev.gatehouse.exporter.graph.Value;
import dev.gatehouse.proto.network.Layer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A convolution of few channels C and the pool of two by two behind it, so that a processor's wide
 * registers, which hold 8 or 16 channels, are put to use: the four results that the pool takes the
 * largest of become channels, and so do the windows of a tile of {@code side} by {@code side} of
 * them. The kernel grows by zeros around each of its copies, and moves by a tile; the pool is over
 * channels. The sums are of the same products and zeros.
 *
 * <p>Of {@code [N, 4, C, side, side, rows, columns]}, which is what the convolution makes, the pool
 * leaves {@code [N, C, side, side, rows, columns]}. With tiles of one window these are the pool's
 * results as they should be. Others are put right by the weights of the linear layer behind them,
 * and are made only where such a layer follows: to move values in the graph takes longer than was
 * won.
 *
 * <p>ONNX Runtime takes about two thirds of the time for it where there are fewer than 8 channels,
 * and longer from 16 on, which fill a register by themselves.
 *
 * @param conv the convolution
 * @param side windows of a tile, down and across
 * @param height of the pool's results
 * @param width of the pool's results
 * @param endsFlat whether they are flattened next
 */
record Tiles(Layer.Conv2d conv, int side, int height, int width, boolean endsFlat) {
  private static final int POOL = 2;
  private static final int WINDOW = POOL * POOL;

  /** The least channels that do well without. */
  private static final int ENOUGH = 8;

  /** Channels that a tile may come to: as many floats as the widest registers hold. */
  private static final int REGISTER = 16;

  /** Those of layer {@code i} of {@code trunk} over images {@code x}; null where there are none. */
  static @Nullable Tiles of(List<Layer> trunk, int i, Value x) {
    if (!(trunk.get(i) instanceof Layer.Conv2d conv) || conv.channels() >= ENOUGH) {
      return null;
    }
    int pool = NetworkLowering.isNormalised(trunk, i) ? i + 2 : i + 1;
    pool = behindRelus(trunk, pool);
    if (pool == trunk.size()
        || !(trunk.get(pool) instanceof Layer.MaxPool squares)
        || squares.size() != POOL) {
      return null;
    }
    int flatten = behindRelus(trunk, pool + 1);
    boolean endsFlat = flatten < trunk.size() && trunk.get(flatten) instanceof Layer.Flatten;
    int linear = behindRelus(trunk, flatten + 1);
    boolean putsRight =
        endsFlat && linear < trunk.size() && trunk.get(linear) instanceof Layer.Linear;
    int side = putsRight && WINDOW * WINDOW * conv.channels() <= REGISTER ? POOL : 1;
    int less = 2 * conv.padding() - conv.kernel() + 1;
    return new Tiles(conv, side, (x.size(2) + less) / POOL, (x.size(3) + less) / POOL, endsFlat);
  }

  private static int behindRelus(List<Layer> trunk, int from) {
    int i = from;
    while (i < trunk.size() && trunk.get(i) instanceof Layer.Relu) {
      i++;
    }
    return i;
  }

  private int windows() {
    return side * side;
  }

  private int rows() {
    return (height + side - 1) / side;
  }

  private int columns() {
    return (width + side - 1) / side;
  }

  private int kernel() {
    return conv.kernel() - 1 + stride();
  }

  private int stride() {
    return POOL * side;
  }

  /** Channels of the larger convolution. */
  private int channels() {
    return WINDOW * conv.channels() * windows();
  }

  /** The shape of the weights over {@code inputs} channels. */
  List<Integer> shape(int inputs) {
    return List.of(channels(), inputs, kernel(), kernel());
  }

  /** The convolution's numbers, {@code [C, inputs, K, K]}, as those of the larger one. */
  Affine spread(Affine small) {
    int inputs = small.weight().length / (conv.channels() * conv.kernel() * conv.kernel());
    double[] weight = new double[channels() * inputs * kernel() * kernel()];
    double[] bias = new double[channels()];
    for (int channel = 0; channel < channels(); channel++) {
      int result = channel / (conv.channels() * windows());
      int c = channel / windows() % conv.channels();
      int window = channel % windows();
      int down = window / side * POOL + result / POOL;
      int across = window % side * POOL + result % POOL;
      bias[channel] = small.bias()[c];
      for (int in = 0; in < inputs; in++) {
        for (int y = 0; y < conv.kernel(); y++) {
          System.arraycopy(
              small.weight(),
              ((c * inputs + in) * conv.kernel() + y) * conv.kernel(),
              weight,
              ((channel * inputs + in) * kernel() + down + y) * kernel() + across,
              conv.kernel());
        }
      }
    }
    return new Affine(channels(), weight, bias);
  }

  /** The larger convolution of {@code x}, {@code [N, 4 C side side, rows, columns]}. */
  Value convolved(NeuralOps neural, String name, Value x, Value weight, Value bias) {
    int padding = conv.padding();
    Pads pads =
        new Pads(
            padding,
            padding,
            Math.max(0, (rows() - 1) * stride() + kernel() - x.size(2) - padding),
            Math.max(0, (columns() - 1) * stride() + kernel() - x.size(3) - padding));
    return neural.conv(name, x, weight, bias, stride(), pads);
  }

  /** The pool of {@code x}, whose values are those of {@link #convolved}, perhaps behind a ReLU. */
  Value pooled(NeuralOps neural, String name, Value x) {
    ShapeOps shapes = new ShapeOps(neural.graph());
    Value windows = shapes.reshape(name + "/windows", x, 1, WINDOW, features());
    if (endsFlat) {
      return neural.maxPool(name, windows, WINDOW, 1);
    }
    Value pooled = neural.maxPool(name + "/pooled", windows, WINDOW, 1);
    return shapes.reshape(name, pooled, conv.channels(), height, width);
  }

  /** Whether what the pool leaves lies otherwise than the pool's results should. */
  boolean isMoved() {
    return side > 1;
  }

  /** Values of a row that the pool leaves. */
  int features() {
    return conv.channels() * windows() * rows() * columns();
  }

  /** A linear layer of the pool's results as one of what the pool leaves. */
  Affine puttingRight(Affine linear) {
    int tiles = rows() * columns();
    double[] weight = new double[linear.outputs() * features()];
    for (int i = 0; i < weight.length; i++) {
      int feature = i % features();
      int c = feature / tiles / windows();
      int window = feature / tiles % windows();
      int tile = feature % tiles;
      int y = tile / columns() * side + window / side;
      int x = tile % columns() * side + window % side;
      // Beyond the edge are windows that nobody asked for.
      if (y < height && x < width) {
        int output = i / features();
        weight[i] = linear.weight()[((output * conv.channels() + c) * height + y) * width + x];
      }
    }
    return new Affine(linear.outputs(), weight, linear.bias());
  }
}
