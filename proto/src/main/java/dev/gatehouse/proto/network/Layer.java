package dev.gatehouse.proto.network;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.gatehouse.proto.BadInput;
import java.util.List;

/** One step of a network. In JSON the key {@code layer} says which. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "layer")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Layer.Conv2d.class, name = "conv2d"),
  @JsonSubTypes.Type(value = Layer.MaxPool.class, name = "max_pool"),
  @JsonSubTypes.Type(value = Layer.Relu.class, name = "relu"),
  @JsonSubTypes.Type(value = Layer.Flatten.class, name = "flatten"),
  @JsonSubTypes.Type(value = Layer.Linear.class, name = "linear")
})
public sealed interface Layer {
  /**
   * The shape of a row behind this layer.
   *
   * @throws BadInput when a row of shape {@code in} does not fit
   */
  Shape output(Shape in);

  /** The parameters, their names starting with {@code prefix}; empty for most layers. */
  default List<ParameterSpec> parameters(String prefix, Shape in) {
    return List.of();
  }

  /** Multiply-adds a row. */
  default long multiplyAdds(Shape in) {
    return 0;
  }

  /**
   * A convolution with stride 1 and a bias.
   *
   * @param channels channels of the output
   * @param kernel height and width of the kernel
   * @param padding zeros on each side
   */
  record Conv2d(int channels, int kernel, int padding) implements Layer {
    /** Checks the numbers. */
    public Conv2d {
      atLeast("conv2d.channels", channels, 1);
      atLeast("conv2d.kernel", kernel, 1);
      atLeast("conv2d.padding", padding, 0);
    }

    @Override
    public Shape output(Shape in) {
      image("conv2d", in);
      int height = in.dims().get(1) + 2 * padding - kernel + 1;
      int width = in.dims().get(2) + 2 * padding - kernel + 1;
      if (height < 1 || width < 1) {
        throw new BadInput("conv2d with kernel=" + kernel + " does not fit a row of shape " + in);
      }
      return Shape.of(channels, height, width);
    }

    @Override
    public List<ParameterSpec> parameters(String prefix, Shape in) {
      int fanIn = in.dims().get(0) * kernel * kernel;
      return List.of(
          new ParameterSpec(
              prefix + "weight", List.of(channels, in.dims().get(0), kernel, kernel), fanIn),
          new ParameterSpec(prefix + "bias", List.of(channels), fanIn));
    }

    @Override
    public long multiplyAdds(Shape in) {
      return (long) output(in).elements() * in.dims().get(0) * kernel * kernel;
    }
  }

  /**
   * The largest of each square of {@code size}, stride {@code size}; a rest at the edge is dropped.
   *
   * @param size height and width of the square
   */
  record MaxPool(int size) implements Layer {
    /** Checks the number. */
    public MaxPool {
      atLeast("max_pool.size", size, 1);
    }

    @Override
    public Shape output(Shape in) {
      image("max_pool", in);
      if (in.dims().get(1) < size || in.dims().get(2) < size) {
        throw new BadInput("max_pool with size=" + size + " does not fit a row of shape " + in);
      }
      return Shape.of(in.dims().get(0), in.dims().get(1) / size, in.dims().get(2) / size);
    }
  }

  /** The larger of each element and 0. */
  record Relu() implements Layer {
    @Override
    public Shape output(Shape in) {
      return in;
    }
  }

  /** All elements of a row as features, row-major. */
  record Flatten() implements Layer {
    @Override
    public Shape output(Shape in) {
      return Shape.of(in.elements());
    }
  }

  /**
   * An affine map with a bias.
   *
   * @param features features of the output
   */
  record Linear(int features) implements Layer {
    /** Checks the number. */
    public Linear {
      atLeast("linear.features", features, 1);
    }

    @Override
    public Shape output(Shape in) {
      if (in.dims().size() != 1) {
        throw new BadInput("linear needs a row of [features]; put flatten before it; shape=" + in);
      }
      return Shape.of(features);
    }

    @Override
    public List<ParameterSpec> parameters(String prefix, Shape in) {
      return List.of(
          new ParameterSpec(prefix + "weight", List.of(features, in.elements()), in.elements()),
          new ParameterSpec(prefix + "bias", List.of(features), in.elements()));
    }

    @Override
    public long multiplyAdds(Shape in) {
      return (long) features * in.elements();
    }
  }

  private static void atLeast(String name, int value, int least) {
    if (value < least) {
      throw new BadInput(name + " must be at least " + least + "; " + name + "=" + value);
    }
  }

  private static void image(String name, Shape in) {
    if (!in.isImage()) {
      throw new BadInput(name + " needs a row of [channels, height, width]; shape=" + in);
    }
  }
}
