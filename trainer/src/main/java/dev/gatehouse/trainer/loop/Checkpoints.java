package dev.gatehouse.trainer.loop;

import dev.gatehouse.proto.file.Safetensors;
import dev.gatehouse.proto.file.Safetensors.Tensor;
import dev.gatehouse.proto.network.ModelSpec;
import dev.gatehouse.proto.network.ParameterSpec;
import dev.gatehouse.proto.run.RunFolder;
import dev.gatehouse.trainer.model.MixtureModel;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Weights and optimiser state between a run folder and the device.
 *
 * <p>{@code optimizer.safetensors} holds Adam's moments as {@code NAME.first} and {@code
 * NAME.second}, F32 in the parameter's shape, for each parameter that trains, and metadata {@code
 * optimizer} = {@code adam} and {@code steps}.
 */
public final class Checkpoints {
  private Checkpoints() {}

  /** Puts a run's model on the device, without gradients; the caller closes it. */
  public static MixtureModel open(RunFolder folder, ModelSpec spec) {
    return new MixtureModel(spec, values(folder, spec), name -> false);
  }

  /** A run's weights, row-major, by name. */
  static Map<String, float[]> values(RunFolder folder, ModelSpec spec) {
    Safetensors weights = folder.weights(spec.parameters());
    Map<String, float[]> values = new LinkedHashMap<>();
    spec.parameters().forEach(p -> values.put(p.name(), weights.tensors().get(p.name()).floats()));
    return values;
  }

  /** Replaces a run's weights and optimiser state by the present ones. */
  static void write(RunFolder folder, MixtureModel model, Adam adam) throws IOException {
    Map<String, float[]> values = model.parameters().values();
    Map<String, float[]> moments = adam.moments();
    Map<String, Tensor> weights = new LinkedHashMap<>();
    Map<String, Tensor> state = new LinkedHashMap<>();
    for (ParameterSpec spec : model.spec().parameters()) {
      weights.put(spec.name(), tensor(values.get(spec.name()), spec));
      for (String suffix : List.of(".first", ".second")) {
        float[] moment = moments.get(spec.name() + suffix);
        if (moment != null) {
          state.put(spec.name() + suffix, tensor(moment, spec));
        }
      }
    }
    folder.writeWeights(new Safetensors(Map.of("format", "gatehouse"), weights));
    folder.writeOptimizer(
        new Safetensors(Map.of("optimizer", "adam", "steps", Long.toString(adam.steps())), state));
  }

  private static Tensor tensor(float[] values, ParameterSpec spec) {
    return Tensor.of(values, spec.shape().toArray(Integer[]::new));
  }
}
