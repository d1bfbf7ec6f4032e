package dev.gatehouse.bench.model;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.network.GateSpec;
import dev.gatehouse.proto.network.InputSpec;
import dev.gatehouse.proto.network.Layer;
import dev.gatehouse.proto.network.ModelSpec;
import dev.gatehouse.proto.network.Network;
import dev.gatehouse.proto.network.ParameterSpec;
import dev.gatehouse.proto.network.Shape;
import dev.gatehouse.trainer.config.Architectures;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Models of one kind, whatever their number of experts.
 *
 * @param name as {@code --family} takes it
 * @param about one line for people
 * @param input a row
 * @param classes number of classes
 * @param expert network of each expert
 * @param gate network of the gate
 */
public record Family(
    String name, String about, InputSpec input, int classes, Network expert, Network gate) {
  /** The largest that a graph or a run folder is trusted to hold in one file. */
  private static final long MOST_BYTES = 1L << 30;

  /** ONNX Runtime's time to load one graph grows with the square of the experts in it. */
  private static final int MOST_IN_A_GRAPH = 256;

  /** 256 -> 1024 -> 256. */
  private static final Network WIDE = layers(new Layer.Linear(1024));

  private static final Network NARROW = layers(new Layer.Linear(64));

  /** As small as a network can be: stands where a network is needed and not used. */
  static final Network TINY = layers(new Layer.Flatten(), new Layer.Linear(1));

  /** All families. */
  public static List<Family> all() {
    var mnist = Architectures.named("paper-mnist").networks();
    var cifar = Architectures.named("paper-cifar").networks();
    InputSpec colour = image(Shape.of(3, 32, 32));
    return List.of(
        new Family(
            "mnist",
            "the MNIST experts and gate of arXiv 2302.14703",
            image(Shape.of(1, 28, 28)),
            10,
            mnist.expert(),
            mnist.gate()),
        new Family(
            "cifar",
            "the CIFAR experts and gate of arXiv 2302.14703",
            colour,
            100,
            cifar.expert(),
            cifar.gate()),
        new Family(
            "cifar-light",
            "the CIFAR experts of arXiv 2302.14703 under a gate of an expert's size",
            colour,
            100,
            cifar.expert(),
            cifar.expert()),
        new Family(
            "mlp",
            "experts 256 -> 1024 -> 256 under a gate with 64 hidden units",
            features(256),
            256,
            WIDE,
            NARROW));
  }

  /**
   * The family called {@code name}.
   *
   * @throws BadInput when there is none
   */
  public static Family named(String name) {
    return all().stream()
        .filter(family -> family.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new BadInput(
                    "family must be one of "
                        + all().stream().map(Family::name).collect(Collectors.joining(", "))
                        + "; family="
                        + name));
  }

  /** Bytes of images of a shape, normalised as such are. */
  public static InputSpec image(Shape row) {
    int channels = row.dims().get(0);
    return new InputSpec(
        "image",
        InputSpec.Datatype.UINT8,
        row,
        0,
        255,
        new InputSpec.Normalisation(
            255, Collections.nCopies(channels, 0.5), Collections.nCopies(channels, 0.25)));
  }

  /** Names for classes without one. */
  public static List<String> classNames(int classes) {
    return IntStream.range(0, classes).mapToObj(c -> "class " + c).toList();
  }

  /** A mixture of {@code experts} such experts. */
  public ModelSpec model(int experts) {
    return new ModelSpec(input, classNames(classes), experts, expert, new GateSpec.Softmax(gate));
  }

  /** The same with experts that are hardly there. */
  Family withTinyExperts() {
    return new Family(name, about, input, classes, TINY, gate);
  }

  /** Bytes of one expert's weights. */
  public long expertBytes() {
    return Float.BYTES
        * expert.parameters("", input.networkShape(), classes).stream()
            .mapToLong(ParameterSpec::elements)
            .sum();
  }

  /** Whether so many experts go into one graph: 256 of them, and a gigabyte, at most. */
  public boolean fitsOneGraph(int experts) {
    return experts <= MOST_IN_A_GRAPH && experts * expertBytes() <= MOST_BYTES;
  }

  /** Rows that no cache holds: twice as many bytes as the last level has. */
  public int rowsBeyond(long cacheBytes) {
    return Math.toIntExact(2 * cacheBytes / Float.BYTES / input.shape().elements());
  }

  private static InputSpec features(int count) {
    return new InputSpec(
        "features",
        InputSpec.Datatype.FP32,
        Shape.of(count),
        -10,
        10,
        new InputSpec.Normalisation(
            1, Collections.nCopies(count, 0.0), Collections.nCopies(count, 1.0)));
  }

  private static Network layers(Layer... layers) {
    return new Network(List.of(layers), Network.Tap.AFTER_RELU);
  }
}
