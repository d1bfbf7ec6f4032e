package dev.gatehouse.proto.network;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.gatehouse.proto.BadInput;
import java.util.ArrayList;
import java.util.List;

/**
 * A network as data: a trunk that ends in the last hidden layer, then ReLU and a linear head.
 * Experts and gates have this form (arXiv 2302.14703 and the authors' code).
 *
 * @param trunk layers up to and with the last hidden layer, which is a {@link Layer.Linear}
 * @param hidden where the last hidden layer is read for an attentive gate's query or key
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NONE)
public record Network(List<Layer> trunk, Tap hidden) implements ExpertSpec {
  /** Where the last hidden layer is read. */
  public enum Tap {
    /** Before its ReLU. */
    BEFORE_RELU,
    /** Behind its ReLU. */
    AFTER_RELU
  }

  /** Checks that the trunk ends in a linear layer. */
  public Network {
    trunk = List.copyOf(trunk);
    if (trunk.isEmpty() || !(trunk.get(trunk.size() - 1) instanceof Layer.Linear)) {
      throw new BadInput("a trunk ends in a linear layer, the last hidden one; trunk=" + trunk);
    }
  }

  /** Width of the last hidden layer. */
  @Override
  public int width() {
    return ((Layer.Linear) trunk.get(trunk.size() - 1)).features();
  }

  /**
   * The shape of a row before each layer of the trunk, and behind the last; one more than layers.
   *
   * @throws BadInput when a layer does not fit, with its index
   */
  public List<Shape> shapes(Shape in) {
    List<Shape> shapes = new ArrayList<>(List.of(in));
    for (int i = 0; i < trunk.size(); i++) {
      try {
        shapes.add(trunk.get(i).output(shapes.get(i)));
      } catch (BadInput e) {
        throw new BadInput("trunk layer " + i + ": " + e.getMessage(), e);
      }
    }
    return List.copyOf(shapes);
  }

  /**
   * All parameters: {@code PREFIX.trunk.I.weight}, {@code PREFIX.trunk.I.bias} for each layer I
   * that has some, then {@code PREFIX.head.weight} and {@code PREFIX.head.bias}.
   *
   * @param prefix {@code gate} or {@code experts.E}
   * @param in shape of a row
   * @param out outputs of the head
   */
  @Override
  public List<ParameterSpec> parameters(String prefix, Shape in, int out) {
    List<Shape> shapes = shapes(in);
    List<ParameterSpec> all = new ArrayList<>();
    for (int i = 0; i < trunk.size(); i++) {
      all.addAll(trunk.get(i).parameters(prefix + ".trunk." + i + ".", shapes.get(i)));
    }
    all.addAll(new Layer.Linear(out).parameters(prefix + ".head.", Shape.of(width())));
    return List.copyOf(all);
  }

  /** Multiply-adds a row with {@code out} outputs of the head. */
  public long multiplyAdds(Shape in, int out) {
    List<Shape> shapes = shapes(in);
    long sum = (long) width() * out;
    for (int i = 0; i < trunk.size(); i++) {
      sum += trunk.get(i).multiplyAdds(shapes.get(i));
    }
    return sum;
  }
}
