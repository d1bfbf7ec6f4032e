package dev.gatehouse.trainer.loop;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import dev.gatehouse.proto.network.ModelSpec;
import dev.gatehouse.trainer.data.DataSet;
import dev.gatehouse.trainer.data.LabelledRows;
import dev.gatehouse.trainer.evaluation.DeviceRows;
import dev.gatehouse.trainer.model.LiveUnits;
import dev.gatehouse.trainer.model.MixtureModel;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Tells when a student's gate starts with a trunk that says the same of every row. An attentive
 * gate does without its own: the keys come from the experts. A plain gate cannot, and hardly learns
 * behind dead units.
 *
 * @param listener told of it
 */
record TrunkWatch(TrainingListener listener) {
  /** A layer of which a smaller share lives tells rows apart no more. */
  static final double DEAD = 1.0 / 16;

  private static final int ROWS = 1000;

  /**
   * Runs the gate over the first training rows.
   *
   * @param student has a plain gate
   * @param values its first values
   */
  void look(ModelSpec student, Map<String, float[]> values, DataSet data, Device device) {
    try (MixtureModel model = new MixtureModel(student, values, name -> false, device);
        NDManager scope = model.manager().newSubManager()) {
      LabelledRows rows = data.train().slice(0, Math.min(ROWS, data.train().size()));
      warning(model.gateUnits(DeviceRows.put(scope, rows).rows()), rows.size())
          .ifPresent(listener::warned);
    }
  }

  /** What to tell people of a gate; of its layers the one that is dead most. */
  static Optional<String> warning(List<LiveUnits> layers, int rows) {
    return layers.stream()
        .filter(layer -> layer.share() < DEAD)
        .min(Comparator.comparingDouble(LiveUnits::share))
        .map(
            layer ->
                ("the teacher's gate tells rows apart no more: of the %d units of %s %d say anything"
                        + " of %d training rows, and a gate that starts with them hardly learns; try"
                        + " --gate-start fresh (training.distillation.gate_start)")
                    .formatted(layer.units(), layer.layer(), layer.live(), rows));
  }
}
