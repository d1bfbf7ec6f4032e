package dev.gatehouse.trainer.config;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.network.Layer;
import dev.gatehouse.proto.network.Layer.BatchNorm;
import dev.gatehouse.proto.network.Layer.Conv2d;
import dev.gatehouse.proto.network.Layer.Flatten;
import dev.gatehouse.proto.network.Layer.Linear;
import dev.gatehouse.proto.network.Layer.MaxPool;
import dev.gatehouse.proto.network.Layer.Relu;
import dev.gatehouse.proto.network.Network;
import dev.gatehouse.proto.network.Network.Tap;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The architectures that have a name. */
public final class Architectures {
  /** The architecture used when none is named. */
  public static final String DEFAULT = "small";

  /** The architecture used for a table when none is named. */
  public static final String FOR_TABLES = "mlp";

  /** Halving the image first makes the convolutions four times cheaper, and costs no accuracy. */
  private static final Network SMALL =
      new Network(
          List.of(
              new MaxPool(2),
              new Conv2d(8, 3, 0),
              new MaxPool(2),
              new Relu(),
              new Conv2d(16, 3, 0),
              new Relu(),
              new Flatten(),
              new Linear(64),
              new Relu(),
              new Linear(32)),
          Tap.AFTER_RELU);

  private static final List<Architecture> ALL =
      List.of(
          new Architecture(
              DEFAULT,
              "our small convolutional experts, 20,106 parameters for 28x28 images of ten classes",
              new Networks(SMALL, SMALL)),
          new Architecture(
              "paper-mnist",
              "the tiny MNIST expert and gate of arXiv 2302.14703, 1,382 parameters an expert",
              new Networks(grey(1, false, 5), grey(1, false, 128))),
          new Architecture(
              "paper-fashion",
              "the Fashion-MNIST expert and gate of arXiv 2302.14703, 13,300 parameters an expert",
              new Networks(grey(1, false, 64), grey(8, true, 512))),
          new Architecture(
              "paper-cifar",
              "the CIFAR expert and gate of arXiv 2302.14703, for 32x32 images in colour",
              new Networks(colour(16, Tap.BEFORE_RELU), colour(64, Tap.AFTER_RELU))),
          new Architecture(
              FOR_TABLES,
              "two hidden layers of 64 and 32 for rows of any shape, tables first of all",
              new Networks(mlp(), mlp())));

  private Architectures() {}

  /** All architectures, the default first. */
  public static List<Architecture> all() {
    return ALL;
  }

  /**
   * The architecture called {@code name}.
   *
   * @throws BadInput when there is none
   */
  public static Architecture named(String name) {
    return ALL.stream()
        .filter(a -> a.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new BadInput(
                    "architecture must be one of "
                        + ALL.stream().map(Architecture::name).collect(Collectors.joining(", "))
                        + "; architecture="
                        + name));
  }

  /**
   * The form of the paper's networks for grey images. The ReLU stands behind the pool: both orders
   * say the same, and this one has a quarter of the elements to clip.
   */
  private static Network grey(int channels, boolean normalised, int features) {
    List<Layer> trunk = new ArrayList<>(List.of(new Conv2d(channels, 3, 0)));
    if (normalised) {
      trunk.add(new BatchNorm());
    }
    trunk.addAll(
        List.of(
            new MaxPool(2),
            new Relu(),
            new Flatten(),
            new Linear(features),
            new Relu(),
            new Linear(32)));
    return new Network(trunk, Tap.AFTER_RELU);
  }

  /** The form of the paper's networks for CIFAR, {@code channels} doubling three times. */
  private static Network colour(int channels, Tap hidden) {
    return new Network(
        List.of(
            new Conv2d(channels, 3, 1),
            new MaxPool(2),
            new Relu(),
            new Conv2d(2 * channels, 3, 1, false),
            new BatchNorm(),
            new MaxPool(2),
            new Relu(),
            new Conv2d(4 * channels, 3, 1),
            new MaxPool(2),
            new Relu(),
            new Conv2d(8 * channels, 3, 1, false),
            new BatchNorm(),
            new MaxPool(2),
            new Relu(),
            new Flatten(),
            new Linear(1024),
            new Relu(),
            new Linear(256)),
        hidden);
  }

  private static Network mlp() {
    return new Network(
        List.of(new Flatten(), new Linear(64), new Relu(), new Linear(32)), Tap.AFTER_RELU);
  }
}
