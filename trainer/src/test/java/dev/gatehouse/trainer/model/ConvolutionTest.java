package dev.gatehouse.trainer.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.LongStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Answers and gradients of a convolution are those of plain loops, on any processor. */
class ConvolutionTest {
  private static final int KERNEL = 3;

  @BeforeAll
  static void examine() {
    Convolution.examine();
  }

  static LongStream seeds() {
    return LongStream.range(0, 60);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void shouldAnswerAndLearnAsPlainLoopsDo(long seed) {
    Case one = Case.of(new Random(seed), 1 + (int) seed % 3);

    one.compare((x, w, b) -> Convolution.of(x, w, b, one.padding(), one.groups()), one.toString());
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void shouldDoSoInWholeBlocksToo(long seed) {
    Case one = Case.of(new Random(seed), 1);

    one.compare((x, w, b) -> Convolution.inWholeBlocks(x, w, b, one.padding()), one.toString());
  }

  private interface Form {
    NDArray of(NDArray x, NDArray weight, NDArray bias);
  }

  /** Images of {@code in} channels in each group, {@code out} answered by each. */
  private record Case(Random random, int groups, int rows, int in, int out, int size, int padding) {
    static Case of(Random random, int groups) {
      return new Case(
          random,
          groups,
          1 + random.nextInt(9),
          1 + random.nextInt(5),
          1 + random.nextInt(20),
          KERNEL + random.nextInt(6),
          random.nextInt(2));
    }

    @Override
    public String toString() {
      return "rows %d, groups %d, %d to %d channels, size %d, padding %d"
          .formatted(rows, groups, in, out, size, padding);
    }

    void compare(Form form, String about) {
      int answered = size - KERNEL + 1 + 2 * padding;
      float[] x = gaussian(rows * groups * in * size * size);
      float[] w = gaussian(groups * out * in * KERNEL * KERNEL);
      float[] b = gaussian(groups * out);
      float[] pull = gaussian(rows * groups * out * answered * answered);
      double[] y = new double[pull.length];
      double[] ofX = new double[x.length];
      double[] ofW = new double[w.length];
      double[] ofB = new double[b.length];
      for (int at = 0; at < y.length; at++) {
        int right = at % answered;
        int down = at / answered % answered;
        int channel = at / answered / answered % (groups * out);
        int row = at / answered / answered / (groups * out);
        y[at] = b[channel];
        ofB[channel] += pull[at];
        for (int c = 0; c < in; c++) {
          for (int i = 0; i < KERNEL; i++) {
            for (int j = 0; j < KERNEL; j++) {
              int from = down + i - padding;
              int to = right + j - padding;
              if (from >= 0 && from < size && to >= 0 && to < size) {
                int pixel =
                    ((row * groups * in + channel / out * in + c) * size + from) * size + to;
                int weight = ((channel * in + c) * KERNEL + i) * KERNEL + j;
                y[at] += (double) x[pixel] * w[weight];
                ofX[pixel] += (double) pull[at] * w[weight];
                ofW[weight] += (double) pull[at] * x[pixel];
              }
            }
          }
        }
      }
      try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
        NDArray images = array(manager, x, rows, groups * in, size, size);
        NDArray kernels = array(manager, w, groups * out, in, KERNEL, KERNEL);
        NDArray biases = array(manager, b, groups * out);
        NDArray pulls =
            manager.create(pull, new Shape(rows, (long) groups * out, answered, answered));
        float[] answer;
        try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
          NDArray answers = form.of(images, kernels, biases);
          answer = answers.toFloatArray();
          collector.backward(answers.mul(pulls).sum());
        }
        close(about + ", y", answer, y);
        close(about + ", gradient of x", images.getGradient().toFloatArray(), ofX);
        close(about + ", gradient of the weights", kernels.getGradient().toFloatArray(), ofW);
        close(about + ", gradient of the bias", biases.getGradient().toFloatArray(), ofB);
      }
    }

    private static NDArray array(NDManager manager, float[] values, int... shape) {
      long[] dims = Arrays.stream(shape).asLongStream().toArray();
      NDArray array = manager.create(values, new Shape(dims)).duplicate();
      array.setRequiresGradient(true);
      return array;
    }

    private float[] gaussian(int count) {
      float[] values = new float[count];
      for (int i = 0; i < count; i++) {
        values[i] = (float) random.nextGaussian();
      }
      return values;
    }

    private static void close(String about, float[] actual, double[] expected) {
      assertThat(actual).as(about).hasSize(expected.length);
      for (int i = 0; i < expected.length; i++) {
        assertThat((double) actual[i])
            .as(about + " at " + i)
            .isCloseTo(expected[i], Offset.offset(1e-3));
      }
    }
  }
}
