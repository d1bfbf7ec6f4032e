package dev.gatehouse.trainer.config;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.network.Layer;
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

  private static final List<Architecture> ALL =
      List.of(
          new Architecture(
              DEFAULT,
              "our small convolutional experts for 28x28 images, 36,614 parameters for ten classes",
              network(List.of(4), 48, 32),
              network(List.of(4), 48, 32)),
          new Architecture(
              "paper-mnist",
              "the tiny MNIST expert and gate of arXiv 2302.14703, 1,382 parameters an expert",
              network(List.of(1), 5, 32),
              network(List.of(1), 128, 32)),
          new Architecture(
              "paper-fashion",
              "the Fashion-MNIST expert of arXiv 2302.14703, 13,300 parameters; its gate without the"
                  + " batch normalisation that the authors have behind the convolution",
              network(List.of(1), 64, 32),
              network(List.of(8), 512, 32)));

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
   * Each convolution's ReLU stands behind the pool that follows it: both orders say the same, and
   * this one has a quarter of the elements to clip. Then linear layers of those widths; the last is
   * hidden.
   */
  private static Network network(List<Integer> convolutions, int... widths) {
    List<Layer> trunk = new ArrayList<>();
    for (int channels : convolutions) {
      trunk.add(new Conv2d(channels, 3, 0));
      trunk.add(new MaxPool(2));
      trunk.add(new Relu());
    }
    trunk.add(new Flatten());
    for (int i = 0; i < widths.length; i++) {
      if (i > 0) {
        trunk.add(new Relu());
      }
      trunk.add(new Linear(widths[i]));
    }
    return new Network(trunk, Tap.AFTER_RELU);
  }
}
