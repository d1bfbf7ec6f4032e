package dev.gatehouse.proto.network;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.network.ParameterSpec.Start;
import java.util.List;

/** One step of a network. In JSON the key {@code layer} says which. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "layer")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Layer.Conv2d.class, name = "conv2d"),
  @JsonSubTypes.Type(value = Layer.BatchNorm.class, name = "batch_norm"),
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
   * A convolution with stride 1.
   *
   * @param channels channels of the output
   * @param kernel height and width of the kernel
   * @param padding zeros on each side
   * @param bias whether a bias is added; of no use before a batch normalisation
   */
  record Conv2d(int channels, int kernel, int padding, boolean bias) implements Layer {
    /** With a bias. */
    public Conv2d(int channels, int kernel, int padding) {
      this(channels, kernel, padding, true);
    }

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
      ParameterSpec weight =
          new ParameterSpec(
              prefix + "weight", List.of(channels, in.dims().get(0), kernel, kernel), fanIn);
      return bias
          ? List.of(weight, new ParameterSpec(prefix + "bias", List.of(channels), fanIn))
          : List.of(weight);
    }

    @Override
    public long multiplyAdds(Shape in) {
      return (long) output(in).elements() * in.dims().get(0) * kernel * kernel;
    }
  }

  /**
   * Batch normalisation of each channel of an image, or each feature (arXiv 1502.03167; PyTorch's
   * defaults): y = weight (x - mean) / sqrt(var + {@value #EPSILON}) + bias. While it trains, mean
   * and variance are the batch's, and the running ones move towards them (the variance with
   * Bessel's correction) by {@value #MOMENTUM} of the difference; afterwards they are the running
   * ones.
   */
  record BatchNorm() implements Layer {
    /** Added to the variance. */
    public static final double EPSILON = 1e-5;

    /** Weight of a batch in the running statistics. */
    public static final double MOMENTUM = 0.1;

    @Override
    public Shape output(Shape in) {
      return in;
    }

    @Override
    public List<ParameterSpec> parameters(String prefix, Shape in) {
      List<Integer> channels = List.of(in.dims().get(0));
      return List.of(
          new ParameterSpec(prefix + "weight", channels, Start.ONES, 1, true),
          new ParameterSpec(prefix + "bias", channels, Start.ZEROS, 1, true),
          new ParameterSpec(prefix + "running_mean", channels, Start.ZEROS, 1, false),
          new ParameterSpec(prefix + "running_var", channels, Start.ONES, 1, false));
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
