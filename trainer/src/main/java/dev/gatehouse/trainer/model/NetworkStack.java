package dev.gatehouse.trainer.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import dev.gatehouse.proto.network.Layer;
import dev.gatehouse.proto.network.Network;
import dev.gatehouse.proto.network.Network.Tap;
import java.util.List;
import java.util.function.Function;

/**
 * Several networks of one description, each with parameters of its own, run on the same rows by the
 * same operations.
 *
 * <p>The rows are the last axis of every array: images are [networks channels, height, width, B],
 * features [networks features, B], one network after another. In this order a first convolution of
 * all networks is one matrix product, a max-pool runs over neighbours in memory, flattening moves
 * nothing, and a linear layer of all networks is one batched matrix product.
 *
 * @param network the layers
 * @param count number of networks
 * @param prefix prefix of their parameters' arrays
 * @param parameters finds an array by its name, the networks' parameters joined in their first axis
 * @param shared what networks make of the same rows
 */
record NetworkStack(
    Network network,
    int count,
    String prefix,
    Function<String, NDArray> parameters,
    SharedInput shared) {

  /**
   * The last hidden layers before their ReLU.
   *
   * @param x [B, shape of a row]
   * @return [networks h, B]
   */
  NDArray trunk(NDArray x, Pass pass) {
    List<Layer> layers = network.trunk();
    int own = RowsLast.leading(layers);
    NDArray value = first(x, layers.subList(0, own), layers.get(own), name(own), pass);
    for (int i = own + 1; i < layers.size(); i++) {
      value = apply(layers.get(i), value, name(i), pass);
    }
    return value;
  }

  /** The last hidden layers [networks h, B] where the network says they are read. */
  NDArray tapped(NDArray trunk) {
    return network.hidden() == Tap.BEFORE_RELU ? trunk : Activation.relu(trunk);
  }

  /** The heads' outputs [networks outputs, B], from {@link #trunk}'s answer. */
  NDArray head(NDArray trunk) {
    return linear(Activation.relu(trunk), prefix + ".head");
  }

  private String name(int layer) {
    return prefix + ".trunk." + layer;
  }

  /** The first layer that has parameters, on an input that all networks share. */
  private NDArray first(NDArray x, List<Layer> before, Layer layer, String name, Pass pass) {
    if (layer instanceof Layer.Conv2d conv) {
      return firstConvolution(x, before, conv, name);
    }
    NDArray input = shared.rowsLast(x, before);
    if (layer instanceof Layer.Linear) {
      return parameter(name, "weight").matMul(input).add(column(name, "bias"));
    }
    NDList copies = new NDList();
    for (int i = 0; i < count; i++) {
      copies.add(input);
    }
    return apply(layer, FirstAxis.joined(copies), name, pass);
  }

  private NDArray firstConvolution(NDArray x, List<Layer> before, Layer.Conv2d conv, String name) {
    NDArray patches = shared.patches(x, before, conv);
    NDArray weight = parameter(name, "weight");
    NDArray kernels = weight.reshape(weight.getShape().get(0), -1);
    if (conv.bias()) {
      kernels = kernels.concat(column(name, "bias"), 1);
    } else {
      patches = patches.get(new NDIndex().addSliceDim(0, kernels.getShape().get(1)));
    }
    NDArray maps = kernels.matMul(patches.reshape(kernels.getShape().get(1), -1));
    return maps.reshape(new Shape(kernels.getShape().get(0)).addAll(patches.getShape().slice(1)));
  }

  private NDArray apply(Layer layer, NDArray value, String name, Pass pass) {
    if (layer instanceof Layer.Conv2d conv) {
      return convolution(conv, value, name);
    }
    if (layer instanceof Layer.BatchNorm) {
      return batchNorm(value, name, pass);
    }
    if (layer instanceof Layer.Linear) {
      return linear(value, name);
    }
    return RowsLast.apply(layer, value);
  }

  /** A group for each network; the engine wants the rows first. */
  private NDArray convolution(Layer.Conv2d conv, NDArray value, String name) {
    return Convolution.of(
            value.transpose(3, 0, 1, 2),
            parameter(name, "weight"),
            conv.bias() ? parameter(name, "bias") : null,
            conv.padding(),
            count)
        .transpose(1, 2, 3, 0);
  }

  /** As one row whose places are places and rows: a channel's statistics are over both. */
  private NDArray batchNorm(NDArray value, String name, Pass pass) {
    NDArray places = value.reshape(1, value.getShape().get(0), -1);
    return NetworkForward.batchNorm(places, name, parameters, pass).reshape(value.getShape());
  }

  private NDArray linear(NDArray value, String name) {
    NDArray weight = parameter(name, "weight");
    long rows = RowsLast.rows(value);
    NDArray product =
        weight
            .reshape(count, -1, weight.getShape().get(1))
            .batchMatMul(value.reshape(count, -1, rows));
    return product.reshape(-1, rows).add(column(name, "bias"));
  }

  private NDArray parameter(String layer, String kind) {
    return parameters.apply(layer + "." + kind);
  }

  private NDArray column(String layer, String kind) {
    return parameter(layer, kind).reshape(-1, 1);
  }
}
