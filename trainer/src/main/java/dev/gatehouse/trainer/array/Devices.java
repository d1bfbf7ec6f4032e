package dev.gatehouse.trainer.array;

import ai.djl.Device;
import ai.djl.engine.Engine;
import dev.gatehouse.proto.BadInput;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where arrays lie and are worked on. */
public final class Devices {
  private static final Pattern GPU = Pattern.compile("gpu(?::(\\d{1,3}))?");

  /** Under this name a run notes the {@link #kind} of its device beside its software. */
  public static final String RECORDED = "device";

  private Devices() {}

  /** Loads PyTorch and says its version. */
  public static String engineVersion() {
    return Engine.getInstance().getVersion();
  }

  /** Number of GPUs that PyTorch can use. */
  public static int gpus() {
    return Engine.getInstance().getGpuCount();
  }

  /** The first GPU where the engine finds one, else the CPU. */
  public static Device preferred() {
    return Engine.getInstance().defaultDevice();
  }

  /** {@code cpu} or {@code gpu}. */
  public static String kind(Device device) {
    return device.isGpu() ? "gpu" : "cpu";
  }

  /**
   * A device of this machine.
   *
   * @param name {@code cpu}, {@code gpu} (the first) or {@code gpu:N}; null for {@link #preferred}
   * @throws BadInput when it is no such name, or there is no such GPU
   */
  public static Device named(@Nullable String name) {
    return name == null ? preferred() : named(name, gpus());
  }

  /** The same on a machine with {@code gpus} GPUs. */
  static Device named(String name, int gpus) {
    if (name.equals("cpu")) {
      return Device.cpu();
    }
    Matcher gpu = GPU.matcher(name);
    if (!gpu.matches()) {
      throw new BadInput("device must be cpu, gpu or gpu:N; device=" + name);
    }
    int index = gpu.group(1) == null ? 0 : Integer.parseInt(gpu.group(1));
    if (gpus == 0) {
      throw new BadInput(
          "device %s: PyTorch finds no GPU here; take --device cpu, or see docs/training.md for a"
                  .formatted(name)
              + " build with CUDA");
    }
    if (index >= gpus) {
      throw new BadInput(
          "device %s: the GPUs here are gpu:0 to gpu:%d; or take --device cpu"
              .formatted(name, gpus - 1));
    }
    return Device.gpu(index);
  }
}
