package dev.gatehouse.trainer.model;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.gatehouse.proto.network.Layer;
import dev.gatehouse.proto.network.ModelSpec;
import dev.gatehouse.proto.network.Network;
import dev.gatehouse.trainer.config.GateKind;
import dev.gatehouse.trainer.evaluation.DeviceRows;
import dev.gatehouse.trainer.testing.TinyData;
import dev.gatehouse.trainer.testing.TinyModels;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Counts the units that are above 0 on a row or more. */
class LiveUnitsTest {
  private static final int ROWS = 40;
  private static final int CHANNELS = 3;
  private static final int HIDDEN = 5;

  private static ModelSpec plain(Network gate) {
    return new ModelSpec(
        TinyData.input(),
        TinyModels.mixture(GateKind.SOFTMAX, 2).classes(),
        2,
        TinyModels.network(2, 6),
        GateKind.SOFTMAX.spec(gate, 1));
  }

  private static List<LiveUnits> count(ModelSpec spec, Map<String, float[]> values) {
    try (MixtureModel model = new MixtureModel(spec, values, name -> false);
        NDManager scope = model.manager().newSubManager()) {
      NDArray rows = DeviceRows.put(scope, TinyData.rows(ROWS, new Random(3))).rows();
      return model.gateUnits(rows);
    }
  }

  /** Layers whose weights are 0 say their bias of every row. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void shouldCountTheUnitsWhoseBiasIsAboveZeroWhereTheWeightsAreZero(int live) {
    ModelSpec spec = plain(TinyModels.network(CHANNELS, HIDDEN));
    Map<String, float[]> values = Initialisation.of(spec.parameters(), 1);
    for (String layer : new String[] {"gate.trunk.0", "gate.trunk.4"}) {
      Arrays.fill(requireNonNull(values.get(layer + ".weight")), 0);
      float[] bias = requireNonNull(values.get(layer + ".bias"));
      Arrays.fill(bias, -1e-3f);
      Arrays.fill(bias, 0, live, 1e-3f);
    }

    assertThat(count(spec, values))
        .containsExactly(
            new LiveUnits("gate.trunk.0", live, CHANNELS),
            new LiveUnits("gate.trunk.4", live, HIDDEN));
  }

  /** A unit reads the upper left pixel, which is bright in some classes alone. */
  @Test
  void shouldCountAUnitThatOneRowInManyBringsToLife() {
    ModelSpec spec =
        plain(
            new Network(List.of(new Layer.Flatten(), new Layer.Linear(2)), Network.Tap.AFTER_RELU));
    Map<String, float[]> values = Initialisation.of(spec.parameters(), 1);
    float brightest = brightest();
    float[] weight = requireNonNull(values.get("gate.trunk.1.weight"));
    Arrays.fill(weight, 0);
    weight[0] = 1;
    weight[TinyData.SIDE * TinyData.SIDE] = 1;
    values.put("gate.trunk.1.bias", new float[] {-brightest + 1e-3f, -brightest - 1e-3f});

    LiveUnits half = new LiveUnits("gate.trunk.1", 1, 2);
    assertThat(count(spec, values)).containsExactly(half);
    assertThat(half.share()).isEqualTo(0.5);
  }

  private static float brightest() {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray rows = DeviceRows.put(manager, TinyData.rows(ROWS, new Random(3))).rows();
      NDArray x = new Normalisation(TinyData.input()).apply(rows);
      return x.get(":, 0, 0, 0").max().getFloat();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = GateKind.class,
      names = {"ATTENTIVE", "ENTROPY"})
  void shouldLookAtPlainGatesAlone(GateKind kind) {
    ModelSpec spec = TinyModels.mixture(kind, 2);

    assertThatThrownBy(() -> count(spec, Initialisation.of(spec.parameters(), 1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("not a plain gate");
  }
}
