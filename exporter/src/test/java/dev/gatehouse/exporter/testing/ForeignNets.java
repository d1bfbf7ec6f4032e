package dev.gatehouse.exporter.testing;

import static dev.gatehouse.exporter.testing.ForeignModel.number;
import static dev.gatehouse.exporter.testing.ForeignModel.numbers;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * A linear network with seeded random weights, written in the manner of several programs, and
 * computed in plain loops.
 *
 * @param weights {@code [out, in]}
 * @param bias {@code [out]}
 */
public record ForeignNets(double[][] weights, double[] bias) {

  public static ForeignNets random(long seed, int in, int out) {
    Random random = new Random(seed);
    double[][] weights = new double[out][in];
    double[] bias = new double[out];
    for (int o = 0; o < out; o++) {
      bias[o] = (float) random.nextGaussian();
      for (int i = 0; i < in; i++) {
        weights[o][i] = (float) random.nextGaussian();
      }
    }
    return new ForeignNets(weights, bias);
  }

  private int in() {
    return weights[0].length;
  }

  private int out() {
    return bias.length;
  }

  public double[] logits(float[] x) {
    double[] y = bias.clone();
    for (int o = 0; o < y.length; o++) {
      for (int i = 0; i < x.length; i++) {
        y[o] += weights[o][i] * x[i];
      }
    }
    return y;
  }

  public double[] probabilities(float[] x) {
    double[] y = logits(x);
    double sum = 0;
    for (int o = 0; o < y.length; o++) {
      y[o] = Math.exp(y[o]);
      sum += y[o];
    }
    for (int o = 0; o < y.length; o++) {
      y[o] /= sum;
    }
    return y;
  }

  /** Row-major {@code [out, in]}. */
  private float[] rowMajor() {
    float[] flat = new float[out() * in()];
    for (int o = 0; o < out(); o++) {
      for (int i = 0; i < in(); i++) {
        flat[o * in() + i] = (float) weights[o][i];
      }
    }
    return flat;
  }

  /** Row-major {@code [in, out]}. */
  private float[] columnMajor() {
    float[] flat = new float[out() * in()];
    for (int o = 0; o < out(); o++) {
      for (int i = 0; i < in(); i++) {
        flat[i * out() + o] = (float) weights[o][i];
      }
    }
    return flat;
  }

  private float[] biases() {
    float[] flat = new float[out()];
    for (int o = 0; o < out(); o++) {
      flat[o] = (float) bias[o];
    }
    return flat;
  }

  /** As torch.onnx.export does: Gemm with transB, a dynamic batch, logits, an extra output. */
  public ForeignModel pyTorch(int opset) {
    return ForeignModel.of("pytorch", opset)
        .input("input.1", "batch_size", in())
        .floats("fc.weight", rowMajor(), out(), in())
        .floats("fc.bias", biases(), out())
        .node(
            "Gemm",
            List.of("input.1", "fc.weight", "fc.bias"),
            List.of("logits"),
            number("transB", 1))
        .node("Tanh", List.of("logits"), List.of("features"))
        .output("logits", "batch_size", out())
        .output("features", "batch_size", out());
  }

  /** As tf2onnx does: weights in Constant nodes, MatMul and Add, a softmax, names with colons. */
  public ForeignModel tensorFlow(int opset) {
    return ForeignModel.of("tf2onnx", opset)
        .input("dense_input:0", "unk__6", in())
        .node("Constant", List.of(), List.of("kernel"), tensor(columnMajor(), in(), out()))
        .node("Constant", List.of(), List.of("bias"), tensor(biases(), out()))
        .node("MatMul", List.of("dense_input:0", "kernel"), List.of("matmul:0"))
        .node("Add", List.of("matmul:0", "bias"), List.of("add:0"))
        .node("Softmax", List.of("add:0"), List.of("Identity:0"), number("axis", -1))
        .output("Identity:0", "unk__7", out());
  }

  /**
   * As an export without dynamic axes does: a batch of one size, a Reshape to that size, constants
   * among the inputs, the logarithms of probabilities. The product's own names are taken.
   */
  public ForeignModel fixedBatch(int opset, int batch, AttributeProto... reshape) {
    return ForeignModel.of("exporter", opset)
        .input("probabilities", batch, in())
        .floatsAsInput("features", columnMajor(), in(), out())
        .floatsAsInput("image", biases(), 1, out())
        .longs("shape", batch, -1)
        .node("Reshape", List.of("probabilities", "shape"), List.of("flat"), reshape)
        .node("MatMul", List.of("flat", "features"), List.of("product"))
        .node("Add", List.of("product", "image"), List.of("gate_probabilities"))
        .node("LogSoftmax", List.of("gate_probabilities"), List.of("class"), number("axis", 1))
        .output("class", batch, out());
  }

  /**
   * As PyTorch does for {@code x.view(x.size(0), -1)}, a batch normalisation that does nothing, and
   * a dropout; the shape of the output is not told.
   */
  public ForeignModel viewed(int opset) {
    float[] ones = new float[in()];
    Arrays.fill(ones, 1);
    float[] almostOne = new float[in()];
    Arrays.fill(almostOne, 1 - 1e-5f);
    return ForeignModel.of("pytorch", opset)
        .input("x", "n", in())
        .longs("zero", 0)
        .longs("rest", -1)
        .floats("scale", ones, in())
        .floats("shift", new float[in()], in())
        .floats("mean", new float[in()], in())
        .floats("var", almostOne, in())
        .node("Shape", List.of("x"), List.of("sizes"))
        .node("Gather", List.of("sizes", "zero"), List.of("first"), number("axis", 0))
        .node("Concat", List.of("first", "rest"), List.of("wanted"), number("axis", 0))
        .node("Reshape", List.of("x", "wanted"), List.of("flat"))
        .node(
            "BatchNormalization",
            List.of("flat", "scale", "shift", "mean", "var"),
            List.of("normal"))
        .node("Dropout", List.of("normal"), List.of("kept"))
        .floats("w", rowMajor(), out(), in())
        .floats("b", biases(), out())
        .node("Gemm", List.of("kept", "w", "b"), List.of("y"), number("transB", 1))
        .outputOfUnknownShape("y");
  }

  /** A small convolutional network over {@code [channels, side, side]}; logits. */
  public static ForeignModel convolutional(long seed, int opset, int channels, int side, int out) {
    Random random = new Random(seed);
    int half = side / 2;
    return ForeignModel.of("pytorch", opset)
        .input("x", "n", channels, side, side)
        .floats("conv.weight", gaussian(random, 4 * channels * 9), 4, channels, 3, 3)
        .floats("conv.bias", gaussian(random, 4), 4)
        .node(
            "Conv",
            List.of("x", "conv.weight", "conv.bias"),
            List.of("c"),
            numbers("pads", 1, 1, 1, 1),
            numbers("kernel_shape", 3, 3))
        .node("Relu", List.of("c"), List.of("r"))
        .node(
            "MaxPool",
            List.of("r"),
            List.of("p"),
            numbers("kernel_shape", 2, 2),
            numbers("strides", 2, 2))
        .node("Flatten", List.of("p"), List.of("f"), number("axis", 1))
        .floats("fc.weight", gaussian(random, out * 4 * half * half), out, 4 * half * half)
        .floats("fc.bias", gaussian(random, out), out)
        .node("Gemm", List.of("f", "fc.weight", "fc.bias"), List.of("y"), number("transB", 1))
        .output("y", "n", out);
  }

  private static float[] gaussian(Random random, int n) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) (0.3 * random.nextGaussian());
    }
    return values;
  }

  private static AttributeProto tensor(float[] values, int... dims) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder().setDataType(TensorProto.DataType.FLOAT_VALUE);
    for (int dim : dims) {
      tensor.addDims(dim);
    }
    for (float value : values) {
      tensor.addFloatData(value);
    }
    return AttributeProto.newBuilder()
        .setName("value")
        .setType(AttributeType.TENSOR)
        .setT(tensor)
        .build();
  }
}
