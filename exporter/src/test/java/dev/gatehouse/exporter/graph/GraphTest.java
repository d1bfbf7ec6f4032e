package dev.gatehouse.exporter.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.gatehouse.exporter.testing.OnnxFiles;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class GraphTest {
  private final Graph graph = new Graph("test");
  private final NeuralOps neural = new NeuralOps(graph);
  private final ArithmeticOps arithmetic = new ArithmeticOps(graph);
  private final ShapeOps shapes = new ShapeOps(graph);
  private final IndexOps indices = new IndexOps(graph);
  private final Value image = input("image", 3, 8, 6);
  private final Value features = input("features", 5);

  private Value input(String name, Integer... row) {
    return graph.input(name, Element.FLOAT, Dim.rows(Dim.BATCH, List.of(row)));
  }

  private Value zeros(String name, Integer... shape) {
    int elements = List.of(shape).stream().reduce(1, Math::multiplyExact);
    return graph.constant(name, List.of(shape), new float[elements]);
  }

  private static void refused(ThrowingCallable call, String message) {
    assertThatThrownBy(call)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void shouldTellTheShapeBehindAPaddedConvolution() {
    Value y = neural.conv("conv", image, zeros("w", 4, 3, 5, 5), zeros("b", 4), 1);

    assertThat(y.dims()).containsExactly(Dim.BATCH, Dim.of(4), Dim.of(6), Dim.of(4));
  }

  @Test
  void shouldDropTheRestBehindAConvolutionWithAStride() {
    Pads pads = new Pads(1, 0, 2, 3);

    Value y = neural.conv("conv", image, zeros("w", 4, 3, 4, 4), zeros("b", 4), 3, pads);

    assertThat(y.dims())
        .as("(8 + 1 + 2 - 4) / 3 + 1 down, (6 + 0 + 3 - 4) / 3 + 1 across")
        .containsExactly(Dim.BATCH, Dim.of(4), Dim.of(3), Dim.of(2));
  }

  @Test
  void shouldPoolOverRectangles() {
    Value y = neural.maxPool("pool", image, 8, 2);

    assertThat(y.dims()).containsExactly(Dim.BATCH, Dim.of(3), Dim.of(1), Dim.of(3));
  }

  @Test
  void shouldKeepTheElementsOfARowInAnotherShape() {
    assertThat(shapes.reshape("reshape", image, 2, 72).dims())
        .containsExactly(Dim.BATCH, Dim.of(2), Dim.of(72));
  }

  @Test
  void shouldRefuseAShapeOfMoreOrFewerElements() {
    refused(
        () -> shapes.reshape("reshape", image, 2, 70),
        "reshape: not as many elements as in a row of image FLOAT[batch, 3, 8, 6]");
  }

  @Test
  void shouldRefuseAPoolThatIsLargerThanTheImage() {
    refused(
        () -> neural.maxPool("pool", image, 9, 1),
        "pool: a window of 9 x 1 does not fit image FLOAT[batch, 3, 8, 6]");
  }

  @Test
  void shouldDropTheRestBehindAPool() {
    Value y = neural.maxPool("pool", image, 4);

    assertThat(y.dims()).containsExactly(Dim.BATCH, Dim.of(3), Dim.of(2), Dim.of(1));
  }

  @Test
  void shouldRefuseAConvolutionOverOtherChannels() {
    refused(
        () -> neural.conv("conv", image, zeros("w", 4, 2, 3, 3), zeros("b", 4), 0),
        "conv: shapes do not fit: [image FLOAT[batch, 3, 8, 6], w FLOAT[4, 2, 3, 3]");
  }

  @Test
  void shouldRefuseALinearLayerOverOtherFeatures() {
    refused(
        () -> neural.linear("linear", features, zeros("w", 2, 6)),
        "linear: shapes do not fit: [features FLOAT[batch, 5], w FLOAT[2, 6]]");
  }

  @Test
  void shouldRefuseALinearLayerOverAnImage() {
    refused(
        () -> neural.linear("linear", image, zeros("w", 2, 6)),
        "linear: x must be FLOAT of rank 2; got image FLOAT[batch, 3, 8, 6]");
  }

  @Test
  void shouldRefuseShapesThatDoNotBroadcast() {
    refused(
        () -> arithmetic.add("add", features, zeros("six", 6)),
        "add: shapes do not broadcast: features FLOAT[batch, 5], six FLOAT[6]");
  }

  @Test
  void shouldRefuseIndicesThatAreNoIntegers() {
    refused(
        () -> indices.gatherRows("gather", image, zeros("rows", 4)),
        "gather: rows must be INT64 of rank 1; got rows FLOAT[4]");
  }

  @Test
  void shouldRefuseMoreThanThereIsToChooseFrom() {
    refused(
        () -> indices.topK("top", features, 6), "top: k=6 does not fit features FLOAT[batch, 5]");
  }

  @Test
  void shouldRefuseOneNameTwice() {
    neural.relu("relu", image);

    refused(
        () -> neural.relu("relu", features),
        "a value needs a name of its own in graph test; name=relu");
  }

  @Test
  void shouldRefuseAValueOfAnotherGraph() {
    Value foreign = new Graph("other").input("x", Element.FLOAT, List.of(Dim.BATCH, Dim.of(5)));

    refused(() -> neural.relu("relu", foreign), "relu: x FLOAT[batch, 5] belongs to another graph");
  }

  @Test
  void shouldRefuseToConcatenateOtherShapes() {
    refused(
        () -> shapes.concat("concat", List.of(features, image), 1),
        "concat: does not go with the other parts: image");
  }

  @Test
  void shouldRefuseAGraphWithoutOutputs() {
    refused(() -> graph.finished("test", Map.of()), "graph test has no output");
  }

  @Test
  void shouldWriteVersionsProducerAndMetadata() throws Exception {
    graph.output("y", neural.softmax("softmax", features));

    var model = OnnxFiles.parse(graph.finished("me", Map.of("run", "r1")));

    assertThat(model.getIrVersion()).isEqualTo(10);
    assertThat(model.getOpsetImport(0).getVersion()).isEqualTo(21);
    assertThat(model.getProducerName()).isEqualTo("me");
    assertThat(model.getMetadataProps(0).getKey()).isEqualTo("run");
    assertThat(model.getMetadataProps(0).getValue()).isEqualTo("r1");
    assertThat(model.getGraph().getNodeList())
        .extracting(OnnxMl.NodeProto::getName)
        .containsExactly("softmax", "y");
  }

  @Test
  void shouldWriteAConstantOnce() throws Exception {
    Value twice = shapes.unsqueeze("b", shapes.unsqueeze("a", features, 1), 1);
    graph.output("y", twice);

    var model = OnnxFiles.parse(graph.finished("me", Map.of()));

    assertThat(model.getGraph().getInitializerCount()).isEqualTo(1);
  }

  private static OnnxMl.TensorProto bytes(String name, ByteString data) {
    return OnnxMl.TensorProto.newBuilder()
        .setName(name)
        .setDataType(OnnxMl.TensorProto.DataType.UINT8_VALUE)
        .addDims(data.size())
        .setRawData(data)
        .build();
  }

  @Test
  void shouldKnowTheLengthOfItsFile() throws Exception {
    graph.embed(
        List.of(OnnxMl.NodeProto.newBuilder().setOpType("Cast").addOutput("y").build()),
        List.of(bytes("embedded", ByteString.copyFrom(new byte[300]))));
    zeros("own", 200);
    graph.output("out", features);
    OnnxFile file = graph.finished("test", Map.of("key", "value"));

    assertThat(file.length()).isEqualTo(OnnxFiles.bytes(file).length);
  }

  /** One piece of memory under many names: 33 times 64 MiB are 2 GiB and more. */
  @Test
  void shouldNotLoseCountPastTwoGibibytes() {
    ByteString piece = UnsafeByteOperations.unsafeWrap(new byte[1 << 26]);
    for (int i = 0; i < 33; i++) {
      graph.embed(List.of(), List.of(bytes("embedded/" + i, piece)));
    }
    graph.output("out", features);
    OnnxFile file = graph.finished("test", Map.of());

    assertThat(file.length()).isBetween(33L << 26, (33L << 26) + 10_000);
    assertThatThrownBy(() -> file.write(OutputStream.nullOutputStream()))
        .isInstanceOf(ArithmeticException.class);
  }
}
