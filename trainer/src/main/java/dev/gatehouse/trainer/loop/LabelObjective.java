package dev.gatehouse.trainer.loop;

import ai.djl.ndarray.NDArray;
import dev.gatehouse.proto.run.Run;
import dev.gatehouse.trainer.data.DataSet;
import dev.gatehouse.trainer.evaluation.DeviceRows;
import dev.gatehouse.trainer.evaluation.Predictions;
import dev.gatehouse.trainer.evaluation.Predictor;
import dev.gatehouse.trainer.loss.Importance;
import dev.gatehouse.trainer.loss.MixtureCrossEntropy;
import dev.gatehouse.trainer.loss.Regulariser;
import dev.gatehouse.trainer.loss.SampleSimilarity;
import dev.gatehouse.trainer.model.MixtureModel;
import dev.gatehouse.trainer.model.MixtureOutput;
import java.util.ArrayList;
import java.util.List;

/** Trains experts and gate together: the mixture's cross-entropy and the regularisers. */
final class LabelObjective implements Objective {
  private final MixtureModel model;
  private final DataSet data;
  private final Run.Training training;
  private final DeviceRows rows;
  private final List<Regulariser> regularisers;

  LabelObjective(MixtureModel model, DataSet data, Run.Training training) {
    this.model = model;
    this.data = data;
    this.training = training;
    this.rows = DeviceRows.put(model.manager(), data.train());
    this.regularisers = regularisers(training);
  }

  @Override
  public int rows() {
    return rows.size();
  }

  @Override
  public Outcome of(NDArray indices) {
    DeviceRows batch = rows.select(indices);
    MixtureOutput output = model.train(batch.rows());
    NDArray y = output.combined(training.rule());
    NDArray loss = MixtureCrossEntropy.of(y, batch.labels());
    for (Regulariser regulariser : regularisers) {
      loss = loss.add(regulariser.of(output.gate().probabilities(), output.x()));
    }
    return new Outcome(loss, y, batch.labels());
  }

  @Override
  public Predictions validation() {
    return Predictor.predict(model, data.validation());
  }

  private static List<Regulariser> regularisers(Run.Training training) {
    List<Regulariser> all = new ArrayList<>();
    if (training.importance() > 0) {
      all.add(new Importance(training.importance()));
    }
    if (training.betaSame() > 0 || training.betaDifferent() > 0) {
      all.add(new SampleSimilarity(training.betaSame(), training.betaDifferent()));
    }
    return List.copyOf(all);
  }
}
