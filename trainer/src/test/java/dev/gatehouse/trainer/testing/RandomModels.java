package dev.gatehouse.trainer.testing;

import dev.gatehouse.proto.network.GateSpec;
import dev.gatehouse.proto.network.InputSpec;
import dev.gatehouse.proto.network.Layer;
import dev.gatehouse.proto.network.ModelSpec;
import dev.gatehouse.proto.network.Network;
import dev.gatehouse.proto.network.Network.Tap;
import dev.gatehouse.proto.network.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Small models of every kind of layer, the same for the same seed. */
public final class RandomModels {
  private static final int CLASSES = 3;

  private RandomModels() {}

  /** A mixture of up to six experts, with or without batch normalisation. */
  public static ModelSpec mixture(Random random, boolean normalised) {
    Shape row = row(random);
    boolean attentive = random.nextBoolean();
    Network gate = network(random, row, normalised);
    List<String> classes = IntStream.range(0, CLASSES).mapToObj(c -> "class" + c).toList();
    return new ModelSpec(
        input(row),
        classes,
        1 + random.nextInt(6),
        network(random, row, normalised),
        attentive ? new GateSpec.Attentive(gate) : new GateSpec.Softmax(gate));
  }

  private static Shape row(Random random) {
    return random.nextInt(4) == 0
        ? Shape.of(2 + random.nextInt(8))
        : Shape.of(1 + random.nextInt(3), 8 + random.nextInt(3), 8 + random.nextInt(3));
  }

  /** Square images. */
  public static InputSpec image(int channels, int side) {
    return input(Shape.of(channels, side, side));
  }

  private static InputSpec input(Shape row) {
    List<Double> mean = new ArrayList<>();
    List<Double> std = new ArrayList<>();
    for (int i = 0; i < row.dims().get(0); i++) {
      mean.add(0.1 * i);
      std.add(1 + 0.2 * i);
    }
    return new InputSpec(
        "row", InputSpec.Datatype.FP32, row, -10, 10, new InputSpec.Normalisation(1, mean, std));
  }

  /** Up to two convolutions, each with what may stand behind it, then linear layers. */
  private static Network network(Random random, Shape row, boolean normalised) {
    List<Layer> trunk = new ArrayList<>();
    if (row.isImage()) {
      if (random.nextInt(4) == 0) {
        trunk.add(new Layer.Relu());
      }
      if (normalised && random.nextInt(4) == 0) {
        trunk.add(new Layer.BatchNorm());
      }
      int convolutions = random.nextInt(3);
      for (int i = 0; i < convolutions; i++) {
        trunk.add(
            new Layer.Conv2d(
                1 + random.nextInt(3), 3, i == 0 ? random.nextInt(2) : 1, random.nextBoolean()));
        if (normalised && random.nextBoolean()) {
          trunk.add(new Layer.BatchNorm());
        }
        if (random.nextInt(3) > 0) {
          trunk.add(new Layer.Relu());
        }
        if (i == 0) {
          trunk.add(new Layer.MaxPool(2));
        }
      }
    }
    if (row.isImage() || random.nextBoolean()) {
      trunk.add(new Layer.Flatten());
    }
    if (random.nextBoolean()) {
      trunk.add(new Layer.Linear(2 + random.nextInt(5)));
      if (normalised && random.nextBoolean()) {
        trunk.add(new Layer.BatchNorm());
      }
      trunk.add(new Layer.Relu());
    }
    trunk.add(new Layer.Linear(2 + random.nextInt(5)));
    return new Network(trunk, random.nextBoolean() ? Tap.BEFORE_RELU : Tap.AFTER_RELU);
  }
}
