package dev.gatehouse.trainer.config;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.network.Layer.Conv2d;
import dev.gatehouse.proto.network.Layer.Flatten;
import dev.gatehouse.proto.network.Layer.Linear;
import dev.gatehouse.proto.network.Layer.MaxPool;
import dev.gatehouse.proto.network.Layer.Relu;
import dev.gatehouse.proto.network.Network;
import dev.gatehouse.proto.network.Network.Tap;
import java.util.List;
import java.util.stream.Collectors;

/** The architectures that have a name. */
public final class Architectures {
  /** The architecture used when none is named. */
  public static final String DEFAULT = "small";

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
              SMALL,
              SMALL),
          new Architecture(
              "paper-mnist",
              "the tiny MNIST expert and gate of arXiv 2302.14703, 1,382 parameters an expert",
              paper(1, 5),
              paper(1, 128)),
          new Architecture(
              "paper-fashion",
              "the Fashion-MNIST expert of arXiv 2302.14703, 13,300 parameters; its gate without"
                  + " the batch normalisation that the authors have behind the convolution",
              paper(1, 64),
              paper(8, 512)));

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
   * The form of the paper's networks. The ReLU stands behind the pool: both orders say the same,
   * and this one has a quarter of the elements to clip.
   */
  private static Network paper(int channels, int features) {
    return new Network(
        List.of(
            new Conv2d(channels, 3, 0),
            new MaxPool(2),
            new Relu(),
            new Flatten(),
            new Linear(features),
            new Relu(),
            new Linear(32)),
        Tap.AFTER_RELU);
  }
}
