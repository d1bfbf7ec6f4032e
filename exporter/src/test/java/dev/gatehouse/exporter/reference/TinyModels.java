package dev.gatehouse.exporter.reference;

import dev.gatehouse.proto.network.Column;
import dev.gatehouse.proto.network.GateSpec;
import dev.gatehouse.proto.network.InputSpec;
import dev.gatehouse.proto.network.Layer;
import dev.gatehouse.proto.network.ModelSpec;
import dev.gatehouse.proto.network.Network;
import dev.gatehouse.proto.network.Shape;
import java.util.List;

/** Architectures so small that their bundles are a few kilobytes. */
public final class TinyModels {
  /** The classes: where in the picture the spot is. */
  public static final List<String> CLASSES =
      List.of("north-west", "north-east", "south-west", "south-east");

  /** Columns of numbers whose means are a few standard deviations from 0. */
  public static final List<Column> NEAR =
      List.of(
          new Column.Numeric("weight", 130, 40),
          new Column.Numeric("height", 90, 50),
          new Column.Numeric("change", -0.002, 0.001));

  /** The same, one of them hundreds of standard deviations from 0. */
  public static final List<Column> FAR =
      List.of(new Column.Numeric("weight", 130, 40), new Column.Numeric("year", 2015, 0.5));

  private TinyModels() {}

  /** Grey images {@code [1, 8, 8]}. */
  public static InputSpec grey() {
    return new InputSpec(
        "image",
        InputSpec.Datatype.UINT8,
        Shape.of(1, 8, 8),
        0,
        255,
        new InputSpec.Normalisation(255, List.of(0.2), List.of(0.25)));
  }

  /** Coloured images that are no squares, {@code [3, 7, 6]}, each channel normalised otherwise. */
  public static InputSpec colour() {
    return new InputSpec(
        "picture",
        InputSpec.Datatype.UINT8,
        Shape.of(3, 7, 6),
        0,
        255,
        new InputSpec.Normalisation(255, List.of(0.1, 0.2, 0.4), List.of(0.2, 0.3, 0.5)));
  }

  /** A table's rows: numbers, {@code other} among them, and categories of one to three values. */
  private static InputSpec table(Column.Numeric other) {
    return new InputSpec(
        "features",
        InputSpec.Datatype.FP32,
        Shape.of(5),
        -Float.MAX_VALUE,
        Float.MAX_VALUE,
        new InputSpec.Columns(
            List.of(
                new Column.Numeric("weight", 130, 40),
                new Column.Category("colour", List.of("blue", "green", "red")),
                other,
                new Column.Category("always", List.of("yes")),
                new Column.Category("side", List.of("left", "right")))));
  }

  /** A mixture over a table with the numbers "weight" and {@code other}. */
  public static ModelSpec ofTable(int experts, Column.Numeric other) {
    Network network =
        new Network(
            List.of(new Layer.Linear(7), new Layer.Relu(), new Layer.Linear(5)),
            Network.Tap.AFTER_RELU);
    return new ModelSpec(table(other), CLASSES, experts, network, new GateSpec.Softmax(network));
  }

  /** An expert: a valid convolution, and its hidden layer read behind the ReLU. */
  public static Network expert() {
    return new Network(
        List.of(
            new Layer.Conv2d(2, 3, 0),
            new Layer.Relu(),
            new Layer.MaxPool(2),
            new Layer.Flatten(),
            new Layer.Linear(6)),
        Network.Tap.AFTER_RELU);
  }

  /**
   * A gate's network: a padded convolution, so that zeros must be those of the normalised image.
   */
  public static Network gate() {
    return new Network(
        List.of(
            new Layer.Conv2d(2, 3, 1),
            new Layer.MaxPool(2),
            new Layer.Relu(),
            new Layer.Flatten(),
            new Layer.Linear(7),
            new Layer.Relu(),
            new Layer.Linear(5)),
        Network.Tap.BEFORE_RELU);
  }

  /**
   * An expert with batch normalisation behind a convolution without bias, on its own, and behind a
   * linear layer.
   */
  public static Network normalisedExpert() {
    return new Network(
        List.of(
            new Layer.Conv2d(2, 3, 0, false),
            new Layer.BatchNorm(),
            new Layer.Relu(),
            new Layer.MaxPool(2),
            new Layer.Flatten(),
            new Layer.BatchNorm(),
            new Layer.Linear(7),
            new Layer.BatchNorm(),
            new Layer.Relu(),
            new Layer.Linear(6)),
        Network.Tap.BEFORE_RELU);
  }

  /**
   * A gate's network with batch normalisation of the image itself, behind a padded convolution with
   * bias, and behind a pool, and with a convolution that has neither bias nor normalisation.
   */
  public static Network normalisedGate() {
    return new Network(
        List.of(
            new Layer.BatchNorm(),
            new Layer.Conv2d(3, 3, 1, false),
            new Layer.Relu(),
            new Layer.Conv2d(2, 3, 1),
            new Layer.BatchNorm(),
            new Layer.MaxPool(2),
            new Layer.BatchNorm(),
            new Layer.Flatten(),
            new Layer.Linear(5)),
        Network.Tap.AFTER_RELU);
  }

  /** A mixture of {@code experts} with batch normalisation under {@code gate}. */
  public static ModelSpec normalised(InputSpec input, int experts, GateSpec gate) {
    return new ModelSpec(input, CLASSES, experts, normalisedExpert(), gate);
  }

  /** A mixture of {@code experts} under {@code gate}. */
  public static ModelSpec mixture(InputSpec input, int experts, GateSpec gate) {
    return new ModelSpec(input, CLASSES, experts, expert(), gate);
  }

  /** A mixture of linear layers, most of whose bytes are weights. */
  public static ModelSpec wide(int experts) {
    Network network =
        new Network(
            List.of(
                new Layer.Flatten(), new Layer.Linear(40), new Layer.Relu(), new Layer.Linear(30)),
            Network.Tap.AFTER_RELU);
    return new ModelSpec(colour(), CLASSES, experts, network, new GateSpec.Softmax(network));
  }

  /**
   * A network with one layer that is large enough to compute in integers, the second convolution,
   * with batch normalisation in it, after a convolution and before a linear layer that are not, and
   * a linear layer behind it that stays as it is.
   */
  public static Network large() {
    return new Network(
        List.of(
            new Layer.Conv2d(8, 3, 1),
            new Layer.Relu(),
            new Layer.Conv2d(8, 3, 1, false),
            new Layer.BatchNorm(),
            new Layer.MaxPool(3),
            new Layer.Relu(),
            new Layer.Flatten(),
            new Layer.Linear(9),
            new Layer.Relu(),
            new Layer.Linear(6)),
        Network.Tap.AFTER_RELU);
  }

  /**
   * A network of kinds of neighbours that {@link #large} has not: a convolution without a ReLU
   * between it and the next, so that levels lie on both sides of 0, few channels, and batch
   * normalisations that read what a convolution makes.
   */
  public static Network largeInOtherOrder() {
    return new Network(
        List.of(
            new Layer.BatchNorm(),
            new Layer.Conv2d(4, 3, 1),
            new Layer.Relu(),
            new Layer.BatchNorm(),
            new Layer.Conv2d(60, 3, 1),
            new Layer.MaxPool(2),
            new Layer.Conv2d(12, 3, 1),
            new Layer.Relu(),
            new Layer.BatchNorm(),
            new Layer.MaxPool(2),
            new Layer.Flatten(),
            new Layer.Linear(7)),
        Network.Tap.BEFORE_RELU);
  }

  /** A network whose head is large too, and without convolutions. */
  public static Network largeHead() {
    return new Network(
        List.of(new Layer.Flatten(), new Layer.Linear(8192)), Network.Tap.AFTER_RELU);
  }

  /** A single model. */
  public static ModelSpec single(InputSpec input) {
    return mixture(input, 1, new GateSpec.None());
  }
}
