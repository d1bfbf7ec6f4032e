package dev.gatehouse.exporter.lower;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.gatehouse.exporter.graph.ArithmeticOps;
import dev.gatehouse.exporter.graph.Dim;
import dev.gatehouse.exporter.graph.Element;
import dev.gatehouse.exporter.graph.Graph;
import dev.gatehouse.exporter.graph.OnnxFile;
import dev.gatehouse.exporter.graph.Value;
import dev.gatehouse.exporter.lower.ActivationRanges.Range;
import dev.gatehouse.exporter.testing.OnnxFiles;
import dev.gatehouse.proto.BadInput;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Layers in integers, held against plain loops over ints (ONNX's QuantizeLinear, QLinearConv and
 * MatMulInteger), to the bit and at every level of ONNX Runtime's optimisation.
 */
class IntegerArithmeticTest {
  private static final int CASES = 12;

  /** One layer and its input, drawn. */
  private record Layer(
      int rows,
      int channels,
      int side,
      int outputs,
      int kernel,
      int padding,
      float[] x,
      Levels in,
      Levels out,
      IntegerWeights weights) {
    static Layer drawn(Random random, boolean linear) {
      int rows = 1 + random.nextInt(5);
      int channels = 1 + random.nextInt(linear ? 200 : 30);
      int side = linear ? 1 : 3 + random.nextInt(5);
      int kernel = linear ? 1 : 1 + random.nextInt(3);
      int padding = random.nextInt(2);
      int outputs = 1 + random.nextInt(40);
      float[] x = new float[rows * channels * side * side];
      float shift = random.nextInt(3) - 1;
      for (int i = 0; i < x.length; i++) {
        x[i] = random.nextFloat(-2, 2) + shift;
      }
      Levels in = Levels.of(new Range(-1 + random.nextFloat(), 1 + random.nextFloat()));
      Levels out = Levels.of(new Range(-random.nextInt(2) * 3f, 4));
      int inputs = channels * kernel * kernel;
      double[] weight = random.doubles((long) outputs * inputs, -1, 1).toArray();
      double[] bias = random.doubles(outputs, -2, 2).toArray();
      List<Integer> shape =
          linear ? List.of(outputs, inputs) : List.of(outputs, channels, kernel, kernel);
      return new Layer(
          rows,
          channels,
          side,
          outputs,
          kernel,
          padding,
          x,
          in,
          out,
          weights(shape, new Affine(outputs, weight, bias), in, linear));
    }

    private static IntegerWeights weights(
        List<Integer> shape, Affine layer, Levels in, boolean linear) {
      return linear
          ? IntegerWeights.of("layer.", shape, layer)
          : IntegerWeights.ofConvolution("layer.", shape, layer, in);
    }

    int sums() {
      return side + 2 * padding - kernel + 1;
    }
  }

  private static int level(float x, Levels levels) {
    double steps = Math.rint(x / levels.scale());
    return (int) Math.max(0, Math.min(255, steps + levels.zero()));
  }

  /** {@code [rows, outputs, sums, sums]}: ints until the last product, which is of floats. */
  private static float[] convLoops(Layer of) {
    int size = of.sums();
    float[] result = new float[of.rows * of.outputs * size * size];
    int[] bias = of.weights.unitsOfBias(of.in);
    int at = 0;
    for (int n = 0; n < of.rows; n++) {
      for (int o = 0; o < of.outputs; o++) {
        float unit = of.in.scale() * of.weights.scales()[o];
        boolean few = of.weights.isSummedByFloats();
        for (int row = 0; row < size; row++) {
          for (int column = 0; column < size; column++) {
            int sum = bias[o];
            for (int c = 0; c < of.channels; c++) {
              for (int i = 0; i < of.kernel; i++) {
                for (int j = 0; j < of.kernel; j++) {
                  int r = row + i - of.padding;
                  int q = column + j - of.padding;
                  if (r >= 0 && r < of.side && q >= 0 && q < of.side) {
                    float x = of.x[((n * of.channels + c) * of.side + r) * of.side + q];
                    int w = ((o * of.channels + c) * of.kernel + i) * of.kernel + j;
                    sum += (level(x, of.in) - of.in.zero()) * (int) of.weights.floats()[w];
                  }
                }
              }
            }
            double steps =
                Math.rint(few ? sum / (of.out.scale() / unit) : sum * (unit / of.out.scale()))
                    + of.out.zero();
            result[at++] = (float) Math.max(0, Math.min(255, steps));
          }
        }
      }
    }
    return result;
  }

  private static float[] linearLoops(Layer of) {
    float[] result = new float[of.rows * of.outputs];
    for (int n = 0; n < of.rows; n++) {
      for (int o = 0; o < of.outputs; o++) {
        int sum = 0;
        for (int i = 0; i < of.channels; i++) {
          sum +=
              (level(of.x[n * of.channels + i], of.in) - of.in.zero())
                  * (int) of.weights.floats()[o * of.channels + i];
        }
        float unit = of.in.scale() * of.weights.scales()[o];
        result[n * of.outputs + o] = sum * unit + of.weights.bias()[o];
      }
    }
    return result;
  }

  private static OnnxFile conv(Layer of, IntegerArithmetic arithmetic) {
    Graph graph = new Graph("conv");
    Value x =
        graph.input(
            "x", Element.FLOAT, Dim.rows(Dim.BATCH, List.of(of.channels, of.side, of.side)));
    Value levels = arithmetic.levels(graph, "levels", x, of.in);
    Value y =
        of.weights.isSummedByFloats()
            ? arithmetic.levelsOfSums(
                graph,
                arithmetic.sums(graph, "conv", levels, of.in, of.weights, of.padding),
                new Deferred.Sums("conv", of.weights.stepsInSums(of.in, of.out), of.out))
            : arithmetic.conv(graph, "conv", levels, of.in, of.weights, of.padding, of.out);
    Value numbers =
        y.element() == Element.FLOAT ? y : new ArithmeticOps(graph).cast("q", y, Element.FLOAT);
    graph.output("y", numbers);
    return graph.finished("test", Map.of());
  }

  private static OnnxFile linear(Layer of, IntegerArithmetic arithmetic) {
    Graph graph = new Graph("linear");
    Value x = graph.input("x", Element.FLOAT, Dim.rows(Dim.BATCH, List.of(of.channels)));
    Value levels = arithmetic.levels(graph, "levels", x, of.in);
    graph.output("y", arithmetic.linear(graph, "linear", levels, of.in, of.weights));
    return graph.finished("test", Map.of());
  }

  private static float[] run(
      OnnxFile graph, OrtSession.SessionOptions.OptLevel optimisation, float[] x, long... shape)
      throws Exception {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setOptimizationLevel(optimisation);
      try (OrtSession session = environment.createSession(OnnxFiles.bytes(graph), options);
          OnnxTensor in = OnnxTensor.createTensor(environment, FloatBuffer.wrap(x), shape);
          OrtSession.Result out = session.run(Map.of("x", in))) {
        return floats((OnnxTensor) out.get(0));
      }
    }
  }

  private static float[] floats(OnnxTensor tensor) throws OrtException {
    FloatBuffer buffer = requireNonNull(tensor.getFloatBuffer());
    float[] values = new float[buffer.remaining()];
    buffer.get(values);
    return values;
  }

  @ParameterizedTest
  @EnumSource
  void shouldConvolveAsLoopsOverIntegersDo(OrtSession.SessionOptions.OptLevel optimisation)
      throws Exception {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < CASES; i++) {
      Layer layer = Layer.drawn(random, false);
      long[] shape = {layer.rows, layer.channels, layer.side, layer.side};
      float[] loops = convLoops(layer);

      assertThat(run(conv(layer, new IntegerKernels()), optimisation, layer.x, shape))
          .as("seed %d, case %d", seed, i)
          .containsExactly(loops);
      assertThat(run(conv(layer, new SpelledIntegers()), optimisation, layer.x, shape))
          .as("spelled out, seed %d, case %d", seed, i)
          .containsExactly(loops, within(0f));
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldMultiplyAsLoopsOverIntegersDo(OrtSession.SessionOptions.OptLevel optimisation)
      throws Exception {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < CASES; i++) {
      Layer layer = Layer.drawn(random, true);
      long[] shape = {layer.rows, layer.channels};
      float[] loops = linearLoops(layer);

      for (IntegerArithmetic form : List.of(new IntegerKernels(), new SpelledIntegers())) {
        assertThat(run(linear(layer, form), optimisation, layer.x, shape))
            .as("%s, seed %d, case %d", form, seed, i)
            .containsExactly(loops, within(1e-5f));
      }
    }
  }

  @Test
  void shouldTakeNoRows() throws Exception {
    Layer conv = Layer.drawn(new Random(1), false);
    Layer linear = Layer.drawn(new Random(1), true);
    var all = OrtSession.SessionOptions.OptLevel.ALL_OPT;

    assertThat(
            run(
                conv(conv, new IntegerKernels()),
                all,
                new float[0],
                0,
                conv.channels,
                conv.side,
                conv.side))
        .isEmpty();
    assertThat(run(linear(linear, new IntegerKernels()), all, new float[0], 0, linear.channels))
        .isEmpty();
  }

  @Test
  void shouldHaveALevelOfZeroInEveryRange() {
    assertThat(Levels.of(new Range(0, 2.55f))).isEqualTo(new Levels(0.01f, 0));
    assertThat(Levels.of(new Range(1, 2.55f))).isEqualTo(new Levels(0.01f, 0));
    assertThat(Levels.of(new Range(-2.55f, -1))).isEqualTo(new Levels(0.01f, 255));
    assertThat(Levels.of(new Range(-1, 1.55f))).isEqualTo(new Levels(0.01f, 100));
    assertThat(Levels.of(new Range(0, 0))).isEqualTo(new Levels(1, 0));
    assertThat(Levels.of(new Range(0, Float.MIN_VALUE))).isEqualTo(new Levels(1, 0));
  }

  @Test
  void shouldNameTheLayerWhoseRangeIsNone() {
    ActivationRanges ranges =
        new ActivationRanges(
            Map.of("gate.trunk.3.", new Range(0, 1).with(new Range(Float.NaN, Float.NaN))));

    assertThatThrownBy(() -> ranges.into("gate.trunk.3."))
        .isInstanceOf(BadInput.class)
        .hasMessageStartingWith("what flows into gate.trunk.3 lies between NaN and NaN");
  }

  /** Two products fit into 16 bits, so that no processor cuts them off. */
  @Test
  void shouldRoundWeightsToAtMost64Steps() {
    IntegerWeights weights =
        IntegerWeights.of(
            "w.",
            List.of(2, 3),
            new Affine(2, new double[] {0.64, -0.01, 0.004, -64, 64, 1}, new double[2]));

    assertThat(weights.bytes()).containsExactly(64, -1, 0, -64, 64, 1);
    assertThat(2 * Levels.LARGEST * IntegerWeights.MOST_STEPS).isLessThanOrEqualTo(Short.MAX_VALUE);
  }

  @Test
  void shouldKeepABiasBesideWeightsOfZero() {
    Levels in = new Levels(0.1f, 0);
    IntegerWeights weights =
        IntegerWeights.ofConvolution(
            "w.", List.of(2, 1, 1, 1), new Affine(2, new double[2], new double[] {-3, 0}), in);

    int[] units = weights.unitsOfBias(in);

    assertThat(units[0] * (double) weights.units(in)[0]).isCloseTo(-3, within(1e-5));
    assertThat(units[1]).isZero();
  }
}
