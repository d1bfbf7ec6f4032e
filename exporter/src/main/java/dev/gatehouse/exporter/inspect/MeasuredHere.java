package dev.gatehouse.exporter.inspect;

import dev.gatehouse.engine.pipeline.EngineOptions;
import dev.gatehouse.engine.pipeline.MoeModel;
import dev.gatehouse.engine.runtime.SessionSettings;
import dev.gatehouse.engine.schedule.Costs;
import dev.gatehouse.engine.schedule.Policy;
import java.nio.file.Path;

/**
 * What a server would measure of a bundle when it loads it on this machine, and what it would do
 * because of that.
 *
 * @param policy which rows are computed together
 * @param costs nanoseconds of a row
 * @param gate how ONNX Runtime loads the gate's graph; of no meaning in a dense bundle
 * @param expert the same of each expert's, or of the one graph of a dense bundle
 */
public record MeasuredHere(
    Policy policy, Costs costs, SessionSettings gate, SessionSettings expert) {
  /**
   * Loads the bundle and times it.
   *
   * @throws dev.gatehouse.proto.BadInput when a graph cannot be loaded
   */
  public static MeasuredHere of(Path bundle) {
    try (MoeModel model = MoeModel.open(bundle, EngineOptions.defaults().withMeasuredTuning())) {
      return new MeasuredHere(
          model.policy(), model.costs(), model.tuning().gate(), model.tuning().expert());
    }
  }
}
