package dev.gatehouse.trainer.loop;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.file.Json;
import dev.gatehouse.proto.file.Safetensors;
import dev.gatehouse.proto.file.Safetensors.Tensor;
import dev.gatehouse.proto.network.ModelSpec;
import dev.gatehouse.proto.network.ParameterSpec;
import dev.gatehouse.proto.run.RunFolder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a training needs to go on as if it had never stopped; one file, so that its parts
 * cannot be of different steps.
 *
 * <p>{@code checkpoint.safetensors} holds every parameter by its name, Adam's moments as {@code
 * NAME.first} and {@code NAME.second} for those that train, F32 in the parameter's shape, and
 * metadata {@code optimizer} = {@code adam} and {@code state}, a {@link TrainingState} in JSON.
 *
 * @param state how far the training got
 * @param weights row-major, by name
 * @param adam the optimiser
 */
record Checkpoint(TrainingState state, Map<String, float[]> weights, Adam.State adam) {
  private static final String STATE = "state";

  /** Writes this checkpoint of a model into its run folder, whole or not at all. */
  void write(RunFolder folder, ModelSpec spec) throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>(tensors(spec, weights));
    for (Adam.Moments moments : adam.moments()) {
      ParameterSpec parameter = moments.parameter();
      tensors.put(parameter.name() + ".first", tensor(parameter, moments.first()));
      tensors.put(parameter.name() + ".second", tensor(parameter, moments.second()));
    }
    folder.writeCheckpoint(
        new Safetensors(Map.of("optimizer", "adam", STATE, Json.line(state)), tensors));
  }

  /**
   * The checkpoint of a run; null where it has none yet.
   *
   * @throws BadInput when the file is damaged or of another model
   */
  static @Nullable Checkpoint read(RunFolder folder, ModelSpec spec) {
    Safetensors file = folder.checkpoint();
    if (file == null) {
      return null;
    }
    String json = file.metadata().get(STATE);
    if (json == null) {
      throw new BadInput(folder.path() + ": the checkpoint has no state");
    }
    TrainingState state = Json.parse(json, TrainingState.class, "state of the checkpoint");
    Map<String, float[]> weights = new LinkedHashMap<>();
    List<Adam.Moments> moments = new ArrayList<>();
    for (ParameterSpec parameter : spec.parameters()) {
      weights.put(parameter.name(), file.tensor(parameter.name(), parameter.shape()).floats());
      String first = parameter.name() + ".first";
      if (file.tensors().containsKey(first)) {
        moments.add(
            new Adam.Moments(
                parameter,
                file.tensor(first, parameter.shape()).floats(),
                file.tensor(parameter.name() + ".second", parameter.shape()).floats()));
      }
    }
    return new Checkpoint(state, weights, new Adam.State(state.adamSteps(), moments));
  }

  /** The tensors of a model's weights. */
  static Map<String, Tensor> tensors(ModelSpec spec, Map<String, float[]> weights) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (ParameterSpec parameter : spec.parameters()) {
      float[] values = weights.get(parameter.name());
      if (values == null) {
        throw new IllegalArgumentException("no values of " + parameter.name());
      }
      tensors.put(parameter.name(), tensor(parameter, values));
    }
    return tensors;
  }

  private static Tensor tensor(ParameterSpec parameter, float[] values) {
    return Tensor.of(values, parameter.shape().toArray(Integer[]::new));
  }
}
