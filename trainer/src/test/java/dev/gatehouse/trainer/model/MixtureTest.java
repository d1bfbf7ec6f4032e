package dev.gatehouse.trainer.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.training.GradientCollector;
import dev.gatehouse.proto.network.ModelSpec;
import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.trainer.config.GateKind;
import dev.gatehouse.trainer.testing.TinyData;
import dev.gatehouse.trainer.testing.TinyModels;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MixtureTest {
  private static final int ROWS = 3;
  private static final Offset<Float> CLOSE = Offset.offset(2e-6f);

  private static byte[] pixels(long seed) {
    byte[] pixels = new byte[ROWS * TinyData.SIDE * TinyData.SIDE];
    new Random(seed).nextBytes(pixels);
    return pixels;
  }

  private static NDArray bytes(NDManager manager, byte[] pixels) {
    Shape shape = new Shape(ROWS, 1, TinyData.SIDE, TinyData.SIDE);
    return manager.create(ByteBuffer.wrap(pixels), shape, DataType.UINT8);
  }

  @ParameterizedTest
  @EnumSource(
      value = GateKind.class,
      names = {"SOFTMAX", "ATTENTIVE"})
  void shouldEqualPlainLoopsOverItsParameters(GateKind gate) {
    ModelSpec spec = TinyModels.mixture(gate, 3);
    Map<String, float[]> values = Initialisation.of(spec.parameters(), 5);
    byte[] pixels = pixels(6);
    try (MixtureModel model = new MixtureModel(spec, values, name -> false)) {
      MixtureOutput output = model.predict(bytes(model.manager(), pixels), null);
      float[] gateBM = output.gate().probabilities().toFloatArray();
      float[] expertsBMC = output.experts().probabilities().toFloatArray();

      PlainMixture plain = new PlainMixture(spec, values);
      for (int row = 0; row < ROWS; row++) {
        PlainMixture.Answer expected = plain.answer(pixels, row);
        for (int e = 0; e < 3; e++) {
          assertThat(gateBM[row * 3 + e]).isCloseTo((float) expected.gate()[e], CLOSE);
          for (int c = 0; c < TinyData.CLASSES; c++) {
            assertThat(expertsBMC[(row * 3 + e) * TinyData.CLASSES + c])
                .isCloseTo((float) expected.experts()[e][c], CLOSE);
          }
        }
      }
    }
  }

  @Test
  void shouldSayTheSameOfBytesAndFloats() {
    ModelSpec spec = TinyModels.mixture(GateKind.SOFTMAX, 2);
    try (MixtureModel model =
        new MixtureModel(spec, Initialisation.of(spec.parameters(), 1), name -> false)) {
      NDArray raw = bytes(model.manager(), pixels(2));

      float[] fromBytes = model.predict(raw, null).experts().probabilities().toFloatArray();
      float[] fromFloats =
          model
              .predict(raw.toType(DataType.FLOAT32, true), null)
              .experts()
              .probabilities()
              .toFloatArray();

      assertThat(fromFloats).containsExactly(fromBytes);
    }
  }

  @Test
  void shouldMixExpertsAndAGateOfTheCallersOwn() {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray weight = manager.ones(new Shape(1, 2));
      weight.setRequiresGradient(true);
      Expert certain = (x, pass) -> constant(x, 20, 0);
      Expert undecided = (x, pass) -> constant(x, 0, 0);
      Gate bounded =
          input -> {
            NDArray mean = input.x().reshape(ROWS, -1).mean(new int[] {1}, true);
            NDArray logits = mean.matMul(weight);
            return new GateOutput(logits, Activation.sigmoid(logits));
          };
      Mixture mixture = new Mixture(TinyData.input(), List.of(certain, undecided), bounded);

      MixtureOutput output;
      try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
        output = mixture.forward(bytes(manager, pixels(3)), null, Pass.training(1, 1));
        collector.backward(output.combined(new RoutingRule.Dense()).sum());
      }

      float[] p = output.gate().probabilities().toFloatArray();
      float[] y = output.combined(new RoutingRule.Dense()).toFloatArray();
      assertThat(y[0]).isCloseTo(p[0] + 0.5f * p[1], Offset.offset(1e-5f));
      assertThat(weight.getGradient().toFloatArray()).doesNotContain(0f);
    }
  }

  @Test
  void shouldAttachNothingToItsParameters() {
    ModelSpec spec = TinyModels.mixture(GateKind.ATTENTIVE, 3);
    try (MixtureModel model =
        new MixtureModel(spec, Initialisation.of(spec.parameters(), 1), name -> true)) {
      NDManager owner = model.parameters().frozen("gate.key.weight").getManager();
      int before = owner.getManagedArrays().size();
      try (NDManager scope = model.manager().newSubManager()) {
        model.train(bytes(scope, pixels(4)), scope.zeros(new Shape(ROWS)), Pass.training(1, 1));
      }

      assertThat(owner.getManagedArrays()).hasSize(before);
    }
  }

  private static ExpertOutput constant(NDArray x, float first, float second) {
    NDManager manager = x.getManager();
    NDArray logits = manager.create(new float[] {first, second}, new Shape(1, 2)).repeat(0, ROWS);
    return new ExpertOutput(logits, logits);
  }
}
