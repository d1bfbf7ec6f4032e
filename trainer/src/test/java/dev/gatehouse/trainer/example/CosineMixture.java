package dev.gatehouse.trainer.example;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.core.Linear;
import dev.gatehouse.proto.network.ParameterSpec;
import dev.gatehouse.proto.network.Shape;
import dev.gatehouse.proto.run.RunFolder;
import dev.gatehouse.trainer.array.Scaled;
import dev.gatehouse.trainer.config.TrainConfig;
import dev.gatehouse.trainer.data.DataSets;
import dev.gatehouse.trainer.loop.Trainer;
import dev.gatehouse.trainer.loop.TrainingListener;
import dev.gatehouse.trainer.model.Expert;
import dev.gatehouse.trainer.model.ExpertOutput;
import dev.gatehouse.trainer.model.Gate;
import dev.gatehouse.trainer.model.GateOutput;
import dev.gatehouse.trainer.model.OwnExpert;
import dev.gatehouse.trainer.model.OwnGate;
import dev.gatehouse.trainer.model.OwnParts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.function.Function;

/** Linear experts, each for the rows that point its way. */
final class CosineMixture {
  private CosineMixture() {}

  /** p = softmax(sharpness cos(x, d_e) / T), with a direction d_e of each expert to be learnt. */
  record CosineGate(double sharpness) implements OwnGate {
    @Override
    public List<ParameterSpec> parameters(Shape row, int experts, int width) {
      int n = row.elements();
      return List.of(new ParameterSpec("directions", List.of(experts, n), n));
    }

    @Override
    public Gate gate(Function<String, NDArray> parameters) {
      return input -> {
        NDArray cosines =
            unit(flat(input.x())).matMul(unit(parameters.apply("directions")).transpose());
        return GateOutput.softmax(Scaled.by(cosines, sharpness), input.pass().temperature());
      };
    }

    private static NDArray unit(NDArray rows) {
      return rows.div(rows.square().sum(new int[] {1}, true).add(1e-12f).sqrt());
    }
  }

  /** logits = W x + b. */
  record LinearExpert() implements OwnExpert {
    @Override
    public List<ParameterSpec> parameters(Shape row, int classes) {
      int n = row.elements();
      return List.of(
          new ParameterSpec("weight", List.of(classes, n), n),
          new ParameterSpec("bias", List.of(classes), n));
    }

    @Override
    public Expert expert(Function<String, NDArray> parameters) {
      NDArray weight = parameters.apply("weight");
      NDArray bias = parameters.apply("bias");
      return (x, pass) -> new ExpertOutput(Linear.linear(flat(x), weight, bias).singletonOrThrow());
    }
  }

  /** Trains it on the data of a configuration and leaves a run folder. */
  static RunFolder train(TrainConfig config, Path out) throws IOException {
    return new Trainer(Clock.systemUTC(), new TrainingListener() {})
        .train(
            config,
            DataSets.load(config.data()),
            out,
            new OwnParts(new LinearExpert(), new CosineGate(8)));
  }

  private static NDArray flat(NDArray rows) {
    return rows.reshape(rows.getShape().get(0), -1);
  }
}
