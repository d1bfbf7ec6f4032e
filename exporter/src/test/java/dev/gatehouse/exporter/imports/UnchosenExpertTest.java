package dev.gatehouse.exporter.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import com.google.protobuf.ByteString;
import dev.gatehouse.exporter.parity.BundleCheck;
import dev.gatehouse.exporter.testing.BundleCopies;
import dev.gatehouse.exporter.testing.ForeignModel;
import dev.gatehouse.exporter.testing.ForeignNets;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.bundle.Bundle;
import dev.gatehouse.proto.network.RoutingRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An expert that no row of the self-test chooses is looked at all the same. */
class UnchosenExpertTest {
  private static final int FEATURES = 6;
  private static final String UNCHOSEN = "experts/002.onnx";

  @TempDir private Path folder;

  private Bundle bundle() throws IOException {
    ForeignModel gate =
        new ForeignNets(new double[3][FEATURES], new double[] {9, 30, 0}).pyTorch(17);
    List<Path> experts =
        List.of(
            ForeignNets.random(2, FEATURES, 4).pyTorch(17).write(folder.resolve("a.onnx")),
            ForeignNets.random(3, FEATURES, 4).pyTorch(17).write(folder.resolve("b.onnx")),
            ForeignNets.random(4, FEATURES, 4).pyTorch(17).write(folder.resolve("c.onnx")));
    ImportOptions options =
        new ImportOptions(
            gate.write(folder.resolve("gate.onnx")),
            experts,
            new RoutingRule.TopK(2),
            new ImportOptions.Input(null, null, null, new ImportOptions.Range(-1, 1), null),
            null,
            Taken.UNSAID,
            Taken.UNSAID,
            new ImportOptions.Drawn(1));
    return Importer.run(options, folder.resolve("models"), "decided", 1, step -> {}).bundle();
  }

  private Bundle with(Consumer<ModelProto.Builder> change) throws IOException {
    return BundleCopies.copy(
        bundle(),
        folder.resolve("copy"),
        copy -> {
          Path file = copy.resolve(UNCHOSEN);
          ModelProto.Builder model = ModelProto.parseFrom(Files.readAllBytes(file)).toBuilder();
          change.accept(model);
          Files.write(file, model.build().toByteArray());
        });
  }

  private static void refused(Bundle bundle) {
    assertThatThrownBy(() -> BundleCheck.check(bundle.path()))
        .isInstanceOf(BadInput.class)
        .hasMessage(
            UNCHOSEN
                + ": gives no probabilities: row 0 of the self-test is not from 0 to 1"
                + " and 1 in sum");
  }

  @Test
  void shouldTakeOneThatGivesProbabilities() throws Exception {
    Bundle bundle = with(model -> {});

    assertThat(BundleCheck.check(bundle.path()).maxAbsDiff()).isLessThan(1e-5);
  }

  @Test
  void shouldRefuseOneWhoseWeightsAreNoNumbers() throws Exception {
    refused(
        with(
            model -> {
              byte[] nan = model.getGraph().getInitializer(0).getRawData().toByteArray();
              Arrays.fill(nan, (byte) 0xff);
              model.getGraphBuilder().getInitializerBuilder(0).setRawData(ByteString.copyFrom(nan));
            }));
  }

  @Test
  void shouldRefuseOneWithoutItsSoftmax() throws Exception {
    refused(
        with(
            model -> {
              for (NodeProto.Builder node : model.getGraphBuilder().getNodeBuilderList()) {
                if (node.getOpType().equals("Softmax")) {
                  node.setOpType("Identity").clearAttribute();
                }
              }
            }));
  }
}
