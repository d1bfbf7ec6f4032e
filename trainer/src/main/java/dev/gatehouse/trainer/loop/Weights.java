package dev.gatehouse.trainer.loop;

import ai.djl.Device;
import dev.gatehouse.proto.file.Safetensors;
import dev.gatehouse.proto.network.ModelSpec;
import dev.gatehouse.proto.run.RunFolder;
import dev.gatehouse.trainer.array.Devices;
import dev.gatehouse.trainer.model.MixtureModel;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** A model's parameters between a run folder and the device. */
public final class Weights {
  private Weights() {}

  /** Puts a run's model on the preferred device, without gradients; the caller closes it. */
  public static MixtureModel open(RunFolder folder, ModelSpec spec) {
    return open(folder, spec, Devices.preferred());
  }

  /** Puts a run's model on a device, without gradients; the caller closes it. */
  public static MixtureModel open(RunFolder folder, ModelSpec spec, Device device) {
    return new MixtureModel(spec, read(folder, spec), name -> false, device);
  }

  /** A run's weights, row-major, by name. */
  static Map<String, float[]> read(RunFolder folder, ModelSpec spec) {
    return values(folder.weights(spec.parameters()), spec);
  }

  /** The weights in a file, row-major, by name. */
  static Map<String, float[]> values(Safetensors file, ModelSpec spec) {
    Map<String, float[]> values = new LinkedHashMap<>();
    spec.parameters().forEach(p -> values.put(p.name(), file.tensor(p.name(), p.shape()).floats()));
    return values;
  }

  /** The file of weights. */
  static Safetensors file(ModelSpec spec, Map<String, float[]> weights) {
    return new Safetensors(Map.of("format", "gatehouse"), Checkpoint.tensors(spec, weights));
  }

  /** Replaces a run's weights. */
  static void write(RunFolder folder, ModelSpec spec, Map<String, float[]> weights)
      throws IOException {
    folder.writeWeights(file(spec, weights));
  }
}
