package dev.gatehouse.trainer.loop;

import dev.gatehouse.proto.file.Safetensors;
import dev.gatehouse.proto.file.Safetensors.Tensor;
import dev.gatehouse.proto.network.ModelSpec;
import dev.gatehouse.proto.network.ParameterSpec;
import dev.gatehouse.proto.run.RunFolder;
import dev.gatehouse.trainer.model.MixtureModel;
import java.io.IOException;
import java.util.LinkedHashMap;
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
    spec.parameters()
        .forEach(p -> values.put(p.name(), weights.tensor(p.name(), p.shape()).floats()));
    return values;
  }

  /** Replaces a run's weights and optimiser state by the present ones. */
  static void write(RunFolder folder, MixtureModel model, Adam adam) throws IOException {
    Map<String, Tensor> weights = new LinkedHashMap<>();
    for (ParameterSpec spec : model.spec().parameters()) {
      float[] values = model.parameters().frozen(spec.name()).toFloatArray();
      weights.put(spec.name(), tensor(values, spec));
    }
    Map<String, Tensor> moments = new LinkedHashMap<>();
    Adam.State state = adam.state();
    for (Adam.Moments own : state.moments()) {
      ParameterSpec spec = own.parameter();
      moments.put(spec.name() + ".first", tensor(own.first(), spec));
      moments.put(spec.name() + ".second", tensor(own.second(), spec));
    }
    folder.writeWeights(new Safetensors(Map.of("format", "gatehouse"), weights));
    folder.writeOptimizer(
        new Safetensors(
            Map.of("optimizer", "adam", "steps", Integer.toString(state.steps())), moments));
  }

  private static Tensor tensor(float[] values, ParameterSpec spec) {
    return Tensor.of(values, spec.shape().toArray(Integer[]::new));
  }
}
