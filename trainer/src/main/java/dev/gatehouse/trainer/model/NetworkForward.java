package dev.gatehouse.trainer.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;
import dev.gatehouse.proto.network.Layer;
import dev.gatehouse.proto.network.Network;
import dev.gatehouse.proto.network.Network.Tap;
import dev.gatehouse.trainer.model.Execution.Form;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Runs one network on rows. Which order in memory is faster says {@link Execution}; the numbers are
 * the same but for rounding.
 *
 * @param network the layers
 * @param form the order in memory
 * @param prefix prefix of the network's parameters, {@code gate} or {@code experts.E}
 * @param parameters finds a parameter by its name
 * @param shared what networks make of the same rows
 */
record NetworkForward(
    Network network,
    Form form,
    String prefix,
    Function<String, NDArray> parameters,
    SharedInput shared) {
  /** The last hidden layer, [B, h], before its ReLU. */
  NDArray trunk(NDArray x, Pass pass) {
    if (form == Form.ROWS_LAST) {
      return new NetworkStack(network, 1, prefix, parameters, shared).trunk(x, pass).transpose();
    }
    NDArray value = start(x);
    for (int i = 0; i < network.trunk().size(); i++) {
      value = apply(i, value, pass);
    }
    return value;
  }

  /** How many units of each hidden layer rows [B, shape of a row] bring to life. */
  List<LiveUnits> liveUnits(NDArray x) {
    List<LiveUnits> found = new ArrayList<>();
    NDArray value = start(x);
    for (int i = 0; i < network.trunk().size(); i++) {
      value = apply(i, value, Pass.inference(1));
      if (i + 1 == network.trunk().size() || network.trunk().get(i + 1) instanceof Layer.Relu) {
        found.add(LiveUnits.of(name(i), value));
      }
    }
    return found;
  }

  private NDArray start(NDArray x) {
    return x.getShape().dimension() == 4 ? shared.channelsLast(x) : x;
  }

  private String name(int layer) {
    return prefix + ".trunk." + layer;
  }

  /** The last hidden layer where the network says it is read. */
  NDArray tapped(NDArray hidden) {
    return network.hidden() == Tap.BEFORE_RELU ? hidden : Activation.relu(hidden);
  }

  /** The head's outputs, from {@link #trunk}'s answer. */
  NDArray head(NDArray hidden) {
    return linear(Activation.relu(hidden), prefix + ".head");
  }

  private NDArray apply(int index, NDArray x, Pass pass) {
    Layer layer = network.trunk().get(index);
    String name = name(index);
    if (layer instanceof Layer.Conv2d conv) {
      return Convolution.of(
          x,
          parameters.apply(name + ".weight"),
          conv.bias() ? parameters.apply(name + ".bias") : null,
          conv.padding(),
          1);
    }
    if (layer instanceof Layer.BatchNorm) {
      return batchNorm(x, name, parameters, pass);
    }
    if (layer instanceof Layer.MaxPool pool) {
      Shape square = new Shape(pool.size(), pool.size());
      return Pool.maxPool2d(x, square, square, new Shape(0, 0), false);
    }
    if (layer instanceof Layer.Relu) {
      return Activation.relu(x);
    }
    if (layer instanceof Layer.Flatten) {
      return x.reshape(x.getShape().get(0), -1);
    }
    if (layer instanceof Layer.Linear) {
      return linear(x, name);
    }
    throw new AssertionError("no such layer: " + layer);
  }

  /**
   * Batch normalisation.
   *
   * @param x [B, channels, ...]
   * @param name prefix of the layer's parameters
   */
  static NDArray batchNorm(
      NDArray x, String name, Function<String, NDArray> parameters, Pass pass) {
    return BatchNorm.batchNorm(
            x,
            parameters.apply(name + ".running_mean"),
            parameters.apply(name + ".running_var"),
            parameters.apply(name + ".weight"),
            parameters.apply(name + ".bias"),
            1,
            // The engine takes the weight of the old statistics, PyTorch that of the new ones.
            (float) (1 - Layer.BatchNorm.MOMENTUM),
            (float) Layer.BatchNorm.EPSILON,
            pass.training())
        .singletonOrThrow();
  }

  private NDArray linear(NDArray x, String name) {
    return Linear.linear(x, parameters.apply(name + ".weight"), parameters.apply(name + ".bias"))
        .singletonOrThrow();
  }
}
