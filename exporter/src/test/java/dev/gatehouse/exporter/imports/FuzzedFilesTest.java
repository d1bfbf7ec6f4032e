package dev.gatehouse.exporter.imports;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import dev.gatehouse.exporter.testing.ForeignNets;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.file.AtomicFiles;
import dev.gatehouse.proto.network.RoutingRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever is handed in as an expert: a bundle whose graphs answer as it does, or one line that
 * says what is wrong with it, and nothing left behind.
 */
class FuzzedFilesTest {
  private static final int FEATURES = 5;
  private static final String[] OPERATORS = {
    "Add",
    "Conv",
    "Flatten",
    "Gather",
    "Gemm",
    "If",
    "Loop",
    "MatMul",
    "MaxPool",
    "NonZero",
    "Pad",
    "ReduceSum",
    "Reshape",
    "Shape",
    "Slice",
    "Softmax",
    "Split",
    "Squeeze",
    "Tile",
    "TopK",
    "Transpose",
    "Unsqueeze",
    "Where",
    "Nothing"
  };

  @TempDir private Path folder;
  private Path gate = Path.of("");
  private Path expert = Path.of("");
  private final List<byte[]> whole = new ArrayList<>();
  private int accepted;
  private int refused;

  @BeforeEach
  void write() throws IOException {
    gate = ForeignNets.random(1, FEATURES, 1).pyTorch(17).write(folder.resolve("gate.onnx"));
    expert = folder.resolve("expert.onnx");
    ForeignNets net = ForeignNets.random(2, FEATURES, 3);
    whole.add(net.pyTorch(17).bytes());
    whole.add(net.tensorFlow(13).bytes());
    whole.add(net.viewed(14).bytes());
    whole.add(net.fixedBatch(15, 1).bytes());
  }

  private void hand(byte[] bytes, String what) throws IOException {
    Files.write(expert, bytes);
    Path models = folder.resolve("models");
    try {
      Importer.run(
          new ImportOptions(
              gate,
              List.of(expert),
              new RoutingRule.TopK(1),
              new ImportOptions.Input(null, null, null, new ImportOptions.Range(-1, 1), null),
              null,
              Taken.UNSAID,
              Taken.UNSAID,
              new ImportOptions.Drawn(1)),
          models,
          "fuzzed",
          1,
          step -> {});
      accepted++;
      AtomicFiles.delete(models);
    } catch (BadInput e) {
      refused++;
      assertThat(e.getMessage()).as(what).doesNotContain("\n");
    } catch (RuntimeException | Error e) {
      throw new AssertionError(what, e);
    }
    assertThat(models).as(what).doesNotExist();
  }

  @Test
  void shouldRefuseRandomBytes() throws Exception {
    Random random = new Random(11);
    for (int i = 0; i < 500; i++) {
      byte[] bytes = new byte[random.nextInt(600)];
      random.nextBytes(bytes);
      hand(bytes, "random bytes %d of seed 11".formatted(i));
    }
    assertThat(accepted).isZero();
  }

  @Test
  void shouldRefuseOrServeFilesWithBytesChanged() throws Exception {
    Random random = new Random(12);
    for (int i = 0; i < 700; i++) {
      byte[] bytes = whole.get(random.nextInt(whole.size())).clone();
      for (int n = 1 + random.nextInt(3); n > 0; n--) {
        bytes = changed(bytes, random);
      }
      hand(bytes, "changed bytes %d of seed 12".formatted(i));
    }
    assertThat(refused).isGreaterThan(200);
    assertThat(accepted).as("weights and names may change").isGreaterThan(20);
  }

  private static byte[] changed(byte[] bytes, Random random) {
    int at = random.nextInt(bytes.length);
    switch (random.nextInt(5)) {
      case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> bytes[at] = (byte) random.nextInt(256);
      case 2 -> {
        return Arrays.copyOf(bytes, Math.max(1, at));
      }
      case 3 -> {
        byte[] shorter = Arrays.copyOf(bytes, bytes.length - 1);
        System.arraycopy(bytes, at + 1, shorter, at, bytes.length - at - 1);
        return shorter.length == 0 ? bytes : shorter;
      }
      default -> {
        byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
        System.arraycopy(bytes, at, longer, at + 1, bytes.length - at);
        longer[at] = (byte) random.nextInt(256);
        return longer;
      }
    }
    return bytes;
  }

  @Test
  void shouldRefuseOrServeGraphsThatAreBuiltOtherwise() throws Exception {
    Random random = new Random(13);
    for (int i = 0; i < 700; i++) {
      ModelProto.Builder model =
          ModelProto.parseFrom(whole.get(random.nextInt(whole.size()))).toBuilder();
      for (int n = 1 + random.nextInt(2); n > 0; n--) {
        rebuild(model, random);
      }
      hand(model.build().toByteArray(), "rebuilt graph %d of seed 13".formatted(i));
    }
    assertThat(refused).isGreaterThan(200);
    assertThat(accepted).isGreaterThan(20);
  }

  private static void rebuild(ModelProto.Builder model, Random random) {
    GraphProto.Builder graph = model.getGraphBuilder();
    long size = new long[] {-1, 0, 1, 2, 7, Integer.MAX_VALUE, Long.MAX_VALUE}[random.nextInt(7)];
    switch (random.nextInt(12)) {
      case 0 -> {
        if (graph.getNodeCount() > 0) {
          graph.removeNode(random.nextInt(graph.getNodeCount()));
        }
      }
      case 1 -> node(graph, random).setOpType(OPERATORS[random.nextInt(OPERATORS.length)]);
      case 2 -> {
        if (graph.getInitializerCount() > 0) {
          TensorProto.Builder tensor =
              graph.getInitializerBuilder(random.nextInt(graph.getInitializerCount()));
          if (tensor.getDimsCount() > 0) {
            tensor.setDims(random.nextInt(tensor.getDimsCount()), size);
          }
        }
      }
      case 3 -> {
        if (graph.getInitializerCount() > 0) {
          graph
              .getInitializerBuilder(random.nextInt(graph.getInitializerCount()))
              .setDataType(random.nextInt(24));
        }
      }
      case 4 -> {
        if (graph.getInitializerCount() > 0) {
          graph.removeInitializer(random.nextInt(graph.getInitializerCount()));
        }
      }
      case 5 -> {
        NodeProto.Builder node = node(graph, random);
        if (node.getInputCount() > 0) {
          node.setInput(
              random.nextInt(node.getInputCount()), new String[] {"", "x", "y"}[random.nextInt(3)]);
        }
      }
      case 6 -> node(graph, random).clearInput();
      case 7 -> node(graph, random).clearOutput();
      case 8 -> {
        NodeProto.Builder node = node(graph, random);
        if (node.getAttributeCount() > 0) {
          AttributeProto.Builder attribute =
              node.getAttributeBuilder(random.nextInt(node.getAttributeCount()));
          attribute.setI(size).setS(ByteString.copyFromUtf8("nothing")).clearT().addInts(size);
        }
      }
      case 9 ->
          graph
              .getInputBuilder(0)
              .getTypeBuilder()
              .getTensorTypeBuilder()
              .getShapeBuilder()
              .addDimBuilder()
              .setDimValue(size);
      case 10 ->
          graph
              .getOutputBuilder(0)
              .setName(random.nextBoolean() ? "nothing" : graph.getInput(0).getName());
      default -> model.getOpsetImportBuilder(0).setVersion(size);
    }
  }

  private static NodeProto.Builder node(GraphProto.Builder graph, Random random) {
    return graph.getNodeCount() == 0
        ? graph.addNodeBuilder()
        : graph.getNodeBuilder(random.nextInt(graph.getNodeCount()));
  }
}
