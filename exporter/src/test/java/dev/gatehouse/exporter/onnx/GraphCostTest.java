package dev.gatehouse.exporter.onnx;

import static dev.gatehouse.exporter.testing.ForeignModel.number;
import static dev.gatehouse.exporter.testing.ForeignModel.numbers;
import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import dev.gatehouse.exporter.testing.ForeignModel;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a row costs, counted by hand beside each graph. */
class GraphCostTest {
  private static GraphCost cost(ForeignModel model) {
    return GraphCost.of(OnnxGraph.parse(model.bytes(), "test"));
  }

  /**
   * Stride 2, dilation 2, padding and groups. x [1, 4, 9, 9], weight [6, 2, 3, 3] in 2 groups: the
   * reach of the kernel is 5, so (9 + 1 + 1 - 5) / 2 + 1 = 4 rows and columns; 6 x 4 x 4 = 96
   * elements of 2 x 3 x 3 = 18 products.
   */
  @Test
  void shouldCountAConvolutionWithStridesDilationsAndGroups() {
    GraphCost cost =
        cost(
            ForeignModel.of("pytorch", 17)
                .input("x", "n", 4, 9, 9)
                .floats("w", new float[108], 6, 2, 3, 3)
                .floats("b", new float[6], 6)
                .node(
                    "Conv",
                    List.of("x", "w", "b"),
                    List.of("y"),
                    numbers("strides", 2, 2),
                    numbers("dilations", 2, 2),
                    numbers("pads", 1, 1, 1, 1),
                    number("group", 2))
                .node("Relu", List.of("y"), List.of("z"))
                .output("z", "n", 6, 4, 4));

    assertThat(cost.multiplyAdds()).isEqualTo(96 * 18);
    assertThat(cost.flops()).isEqualTo(2 * 96 * 18);
    assertThat(cost.otherElements()).isEqualTo(96);
    assertThat(cost.parameters()).isEqualTo(108 + 6);
    assertThat(cost.weightBytes()).isEqualTo(4 * (108 + 6));
    assertThat(cost.uncounted()).isEmpty();
  }

  /**
   * What PyTorch writes for {@code x.view(x.size(0), -1)}: the shape is computed in the graph. [1,
   * 3, 4, 5] becomes [1, 60]; Gemm 60 x 7 = 420 products, MatMul 7 x 2 = 14.
   */
  @Test
  void shouldFollowAShapeThatIsComputedInTheGraph() {
    GraphCost cost =
        cost(
            ForeignModel.of("pytorch", 13)
                .input("x", "batch", 3, 4, 5)
                .longs("zero", 0)
                .longs("rest", -1)
                .node("Shape", List.of("x"), List.of("sizes"))
                .node("Gather", List.of("sizes", "zero"), List.of("first"), number("axis", 0))
                .node("Concat", List.of("first", "rest"), List.of("wanted"), number("axis", 0))
                .node("Reshape", List.of("x", "wanted"), List.of("flat"))
                .floats("w", new float[420], 7, 60)
                .node("Gemm", List.of("flat", "w"), List.of("h"), number("transB", 1))
                .floats("v", new float[14], 7, 2)
                .node("MatMul", List.of("h", "v"), List.of("y"))
                .output("y", "batch", 2));

    assertThat(cost.multiplyAdds()).isEqualTo(420 + 14);
    assertThat(cost.otherElements()).as("the Gather and the Concat").isEqualTo(1 + 2);
    assertThat(cost.parameters()).as("without the indices").isEqualTo(420 + 14);
    assertThat(cost.uncounted()).isEmpty();
  }

  /** Tokens [1, 6, 8] times [8, 5]: 6 x 5 elements of 8 products; the mean leaves [1, 5]. */
  @Test
  void shouldCountAMatrixProductForEachTokenOfARow() {
    GraphCost cost =
        cost(
            ForeignModel.of("other", 21)
                .input("x", "n", 6, 8)
                .floats("w", new float[40], 8, 5)
                .longs("axes", 1)
                .node("MatMul", List.of("x", "w"), List.of("t"))
                .node("ReduceMean", List.of("t", "axes"), List.of("y"), number("keepdims", 0))
                .output("y", "n", 5));

    assertThat(cost.multiplyAdds()).isEqualTo(6 * 5 * 8);
    assertThat(cost.otherElements()).isEqualTo(5);
  }

  /** [1, 2, 7, 7] pooled by 2 with the rest kept is 4 x 4, without it 3 x 3. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void shouldKeepTheRestOfAPoolWhereItSaysSo(int ceil) {
    int side = 3 + ceil;
    GraphCost cost =
        cost(
            ForeignModel.of("pytorch", 13)
                .input("x", "n", 2, 7, 7)
                .node(
                    "MaxPool",
                    List.of("x"),
                    List.of("p"),
                    numbers("kernel_shape", 2, 2),
                    numbers("strides", 2, 2),
                    number("ceil_mode", ceil))
                .node("Flatten", List.of("p"), List.of("f"))
                .floats("w", new float[2 * side * side * 3], 2 * side * side, 3)
                .node("Gemm", List.of("f", "w"), List.of("y"))
                .output("y", "n", 3));

    assertThat(cost.multiplyAdds()).isEqualTo(2L * side * side * 3);
    assertThat(cost.otherElements()).isEqualTo(2L * side * side);
  }

  @Test
  void shouldCountTheWeightsThatStandInNodes() {
    GraphCost cost =
        cost(
            ForeignModel.of("tf2onnx", 15)
                .input("x", "n", 3)
                .node(
                    "Constant",
                    List.of(),
                    List.of("w"),
                    AttributeProto.newBuilder()
                        .setName("value")
                        .setType(AttributeProto.AttributeType.TENSOR)
                        .setT(
                            TensorProto.newBuilder()
                                .setDataType(1)
                                .addDims(3)
                                .addDims(2)
                                .addAllFloatData(Collections.nCopies(6, 0.5f)))
                        .build())
                .node("MatMul", List.of("x", "w"), List.of("y"))
                .output("y", "n", 2));

    assertThat(cost.parameters()).isEqualTo(6);
    assertThat(cost.multiplyAdds()).isEqualTo(6);
  }

  /** As weights that are stored as int8: cast, scaled and transposed once, when they are loaded. */
  @Test
  void shouldNotCountWhatDependsOnConstantsAlone() {
    GraphCost cost =
        cost(
            ForeignModel.of("other", 17)
                .input("x", "n", 3)
                .floats("q", new float[6], 2, 3)
                .floats("scale", new float[2], 2, 1)
                .node("Cast", List.of("q"), List.of("cast"), number("to", 1))
                .node("Mul", List.of("cast", "scale"), List.of("scaled"))
                .node("Transpose", List.of("scaled"), List.of("w"), numbers("perm", 1, 0))
                .node("MatMul", List.of("x", "w"), List.of("h"))
                .node("RandomNormalLike", List.of("scale"), List.of("noise"))
                .node("Relu", List.of("h"), List.of("y"))
                .output("y", "n", 2));

    assertThat(cost.multiplyAdds()).isEqualTo(6);
    assertThat(cost.otherElements()).as("the ReLU's").isEqualTo(2);
    assertThat(cost.uncounted()).as("noise is made anew").hasSize(1);
    assertThat(cost.parameters()).isEqualTo(6 + 2);
  }

  @Test
  void shouldSayOfWhichNodesTheWorkIsNotKnown() {
    GraphCost cost =
        cost(
            ForeignModel.of("other", 17)
                .input("x", "n", 4)
                .floats("w", new float[8], 4, 2)
                .node(
                    "Einsum",
                    List.of("x", "w"),
                    List.of("y"),
                    AttributeProto.newBuilder()
                        .setName("equation")
                        .setType(AttributeProto.AttributeType.STRING)
                        .setS(ByteString.copyFromUtf8("ni,io->no"))
                        .build())
                .output("y", "n", 2));

    assertThat(cost.uncounted()).containsExactly("the node '/Einsum_0' (Einsum)");
    assertThat(cost.multiplyAdds()).isZero();
  }
}
