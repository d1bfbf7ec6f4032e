package dev.gatehouse.trainer.model;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.training.GradientCollector;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * The engine's convolution of step 1, with the right gradient.
 *
 * <p>oneDNN 3.7.1, in PyTorch 2.7.1, works on 16 output channels at once and fills up what is left
 * of them. On some processors (seen on an AMD EPYC of family 26, model 2) the gradient of the input
 * is wrong then, unless there are groups; the answer and the gradient of the weights are right. So
 * a small convolution is held against plain loops once, and where it is wrong the weights are
 * filled up with zeros here.
 */
final class Convolution {
  private static final int BLOCK = 16;

  private Convolution() {}

  /** Looks how the engine counts here; not while gradients are collected. */
  static void examine() {
    Here.examined();
  }

  /**
   * Images [B, channels of all groups, height, width] of images.
   *
   * @param weight [channels, channels of a group of x, kernel, kernel]
   * @param bias [channels]; null for none
   */
  static NDArray of(NDArray x, NDArray weight, @Nullable NDArray bias, int padding, int groups) {
    boolean whole = weight.getShape().get(0) % BLOCK == 0;
    return groups > 1 || whole || x.getDevice().isGpu() || !Here.WRONG
        ? engines(x, weight, bias, padding, groups)
        : inWholeBlocks(x, weight, bias, padding);
  }

  /** The same without groups, with channels of zeros behind those that are asked for. */
  static NDArray inWholeBlocks(NDArray x, NDArray weight, @Nullable NDArray bias, int padding) {
    long channels = weight.getShape().get(0);
    long left = BLOCK - channels % BLOCK;
    NDArray kernels =
        joined(weight, zeros(weight, new Shape(left).addAll(weight.getShape().slice(1))));
    NDArray biases = bias == null ? null : joined(bias, zeros(bias, new Shape(left)));
    return engines(x, kernels, biases, padding, 1)
        .get(new NDIndex().addAllDim().addSliceDim(0, channels));
  }

  private static NDArray zeros(NDArray like, Shape shape) {
    return like.getManager().zeros(shape, like.getDataType());
  }

  private static NDArray joined(NDArray first, NDArray second) {
    return FirstAxis.joined(new NDList(first, second));
  }

  private static NDArray engines(
      NDArray x, NDArray weight, @Nullable NDArray bias, int padding, int groups) {
    Shape one = new Shape(1, 1);
    return Conv2d.conv2d(x, weight, bias, one, new Shape(padding, padding), one, groups)
        .singletonOrThrow();
  }

  /** What was found out about this machine. */
  private static final class Here {
    static final boolean WRONG = isWrong();

    static void examined() {
      // The class is loaded by now.
    }

    /** Two 3 x 3 images of one channel, kernels of 3 x 3, a border of 1, few output channels. */
    private static boolean isWrong() {
      Random random = new Random(1);
      for (int channels : new int[] {1, 2, 3, 8}) {
        float[] weight = gaussian(random, channels * 9);
        float[] pull = gaussian(random, 2 * channels * 9);
        float[] gradient = gradient(channels, weight, pull);
        for (int i = 0; i < gradient.length; i++) {
          if (!(Math.abs(gradient[i] - expected(channels, weight, pull, i)) < 1e-3)) {
            return true;
          }
        }
      }
      return false;
    }

    private static float[] gradient(int channels, float[] weight, float[] pull) {
      try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
        NDArray x = manager.ones(new Shape(2, 1, 3, 3), DataType.FLOAT32);
        x.setRequiresGradient(true);
        NDArray kernels = manager.create(weight, new Shape(channels, 1, 3, 3));
        NDArray pulls = manager.create(pull, new Shape(2, channels, 3, 3));
        try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
          collector.backward(engines(x, kernels, null, 1, 1).mul(pulls).sum());
        }
        return x.getGradient().toFloatArray();
      }
    }

    /** Element {@code at} of the input's gradient, by plain loops. */
    private static double expected(int channels, float[] weight, float[] pull, int at) {
      double sum = 0;
      int image = at / 9;
      for (int c = 0; c < channels; c++) {
        for (int i = 0; i < 9; i++) {
          int down = at % 9 / 3 - i / 3 + 1;
          int right = at % 3 - i % 3 + 1;
          if (down >= 0 && down < 3 && right >= 0 && right < 3) {
            sum += (double) pull[(image * channels + c) * 9 + i] * weight[c * 9 + down * 3 + right];
          }
        }
      }
      return sum;
    }

    private static float[] gaussian(Random random, int count) {
      float[] values = new float[count];
      for (int i = 0; i < count; i++) {
        values[i] = (float) random.nextGaussian();
      }
      return values;
    }
  }
}
