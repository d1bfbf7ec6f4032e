package dev.gatehouse.bench.train;

import dev.gatehouse.bench.model.Family;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.file.Safetensors.Tensor;
import dev.gatehouse.proto.network.GateSpec;
import dev.gatehouse.proto.network.Layer;
import dev.gatehouse.proto.network.ModelSpec;
import dev.gatehouse.proto.network.Network;
import dev.gatehouse.proto.network.Shape;
import dev.gatehouse.trainer.config.Architectures;
import dev.gatehouse.trainer.data.DataSet;
import dev.gatehouse.trainer.data.LabelledRows;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * A kind of expert to train.
 *
 * @param name as {@code --case} takes it
 * @param about one line for people
 * @param row shape of a row, bytes
 * @param classes number of classes
 * @param batch rows a step
 * @param expert network of each expert
 * @param gate network of the gate
 */
public record BenchCase(
    String name, String about, Shape row, int classes, int batch, Network expert, Network gate) {
  private static final Shape GREY = Shape.of(1, 28, 28);
  private static final Shape COLOUR = Shape.of(3, 32, 32);

  /** conv 1->6, pool, 1014 -> 60 -> 120 -> 10. */
  private static final Network SIX_CHANNELS =
      new Network(
          List.of(
              new Layer.Conv2d(6, 3, 0),
              new Layer.MaxPool(2),
              new Layer.Relu(),
              new Layer.Flatten(),
              new Layer.Linear(60),
              new Layer.Relu(),
              new Layer.Linear(120)),
          Network.Tap.AFTER_RELU);

  /** All cases. */
  public static List<BenchCase> all() {
    var mnist = Architectures.named("paper-mnist").networks();
    Network cifar = Architectures.named("paper-cifar").networks().expert();
    return List.of(
        new BenchCase(
            "mnist",
            "the MNIST experts and gate of arXiv 2302.14703",
            GREY,
            10,
            512,
            mnist.expert(),
            mnist.gate()),
        new BenchCase(
            "six-channel",
            "experts with a convolution of six channels and 1014 -> 60 -> 120; a gate like them",
            GREY,
            10,
            1024,
            SIX_CHANNELS,
            SIX_CHANNELS),
        new BenchCase(
            "cifar",
            "the CIFAR experts of arXiv 2302.14703, and a gate of their size",
            COLOUR,
            100,
            128,
            cifar,
            cifar));
  }

  /**
   * The case called {@code name}.
   *
   * @throws BadInput when there is none
   */
  public static BenchCase named(String name) {
    return all().stream()
        .filter(c -> c.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new BadInput(
                    "case must be one of "
                        + all().stream().map(BenchCase::name).collect(Collectors.joining(", "))
                        + "; case="
                        + name));
  }

  /** The same with other batches. */
  public BenchCase withBatch(int rows) {
    return new BenchCase(name, about, row, classes, rows, expert, gate);
  }

  /** A mixture of {@code experts} such experts under a softmax gate. */
  ModelSpec model(int experts) {
    return new ModelSpec(
        Family.image(row), Family.classNames(classes), experts, expert, new GateSpec.Softmax(gate));
  }

  /** Random rows of random classes; what they show does not change how long a step takes. */
  DataSet data(ModelSpec spec, int rows, Random random) {
    LabelledRows all = rows(rows, random);
    LabelledRows one = rows(1, random);
    return new DataSet(name, "random", spec.input(), spec.classes(), List.of(), all, one, one);
  }

  private LabelledRows rows(int count, Random random) {
    byte[] values = new byte[count * row.elements()];
    random.nextBytes(values);
    int[] labels = random.ints(count, 0, classes).toArray();
    List<Integer> shape = new java.util.ArrayList<>(List.of(count));
    shape.addAll(row.dims());
    return new LabelledRows(Tensor.of(values, shape.toArray(Integer[]::new)), labels);
  }
}
