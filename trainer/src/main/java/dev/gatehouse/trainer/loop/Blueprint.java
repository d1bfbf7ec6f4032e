package dev.gatehouse.trainer.loop;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.network.ExpertSpec;
import dev.gatehouse.proto.network.GateSpec;
import dev.gatehouse.proto.network.ModelSpec;
import dev.gatehouse.proto.network.Shape;
import dev.gatehouse.trainer.config.TrainConfig;
import dev.gatehouse.trainer.data.DataSet;
import dev.gatehouse.trainer.model.OwnParts;

/** The model of a configuration for the rows of its data. */
final class Blueprint {
  private Blueprint() {}

  /**
   * The description of the model.
   *
   * @throws BadInput when a row or a batch does not fit the architecture, a class of the user's own
   *     is not there, or the run whose features L_s compares cannot be used
   */
  static ModelSpec of(TrainConfig config, DataSet data) {
    Shape row = data.input().networkShape();
    Augmentation.require(config.training().augment(), data.input().shape());
    Regularisation.require(config.training(), data);
    OwnParts own = OwnParts.of(config.own().expert(), config.own().gate());
    ExpertSpec expert = own.expertSpec(row, data.classes().size());
    if (expert == null) {
      expert = config.expertNetwork();
    }
    GateSpec gate = own.gateSpec(row, config.experts(), expert.width(), config.servedTemperature());
    ModelSpec spec =
        new ModelSpec(
            data.input(),
            data.classes(),
            config.experts(),
            expert,
            gate == null ? config.gateSpec() : gate);
    Batches.require(data.train().size(), config.training().batch(), spec, name -> true);
    return spec;
  }
}
