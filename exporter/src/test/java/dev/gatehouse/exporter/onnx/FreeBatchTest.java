package dev.gatehouse.exporter.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.GraphProto;
import dev.gatehouse.exporter.testing.ForeignModel;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of a Reshape to a batch of five. */
class FreeBatchTest {
  private static GraphProto reshape(long allowZero, long... shape) {
    return FreeBatch.of(
        5,
        ForeignModel.of("pytorch", 17)
            .input("x", 5, 6)
            .longs("shape", shape)
            .node(
                "Reshape",
                List.of("x", "shape"),
                List.of("y"),
                ForeignModel.number("allowzero", allowZero))
            .proto()
            .getGraph());
  }

  private static void becomes(GraphProto graph, Long... shape) {
    assertThat(graph.getNode(0).getInput(1)).isEqualTo(graph.getInitializer(1).getName());
    assertThat(graph.getInitializer(1).getInt64DataList()).containsExactly(shape);
    assertThat(graph.getNode(0).getAttributeList()).isEmpty();
  }

  @Test
  void shouldTakeTheSizeFromTheData() {
    becomes(reshape(0, 5, -1), 0L, -1L);
    becomes(reshape(0, 5, 0), -1L, 0L);
    becomes(reshape(1, 5, -1), 0L, -1L);
    becomes(reshape(1, 5, 2, 3), -1L, 2L, 3L);
  }

  @Test
  void shouldLeaveRowsWithoutElementsAlone() {
    GraphProto graph = reshape(1, 5, 0);

    assertThat(graph.getInitializerCount()).isEqualTo(1);
    assertThat(graph.getNode(0).getInput(1)).isEqualTo("shape");
    assertThat(graph.getNode(0).getAttributeList()).hasSize(1);
  }
}
