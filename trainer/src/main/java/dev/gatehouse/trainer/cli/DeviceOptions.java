package dev.gatehouse.trainer.cli;

import ai.djl.Device;
import dev.gatehouse.proto.run.RunFolder;
import dev.gatehouse.trainer.array.Devices;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the model runs on. */
final class DeviceOptions {
  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      description = "cpu, gpu or gpu:N; default the first GPU where there is one, else cpu.")
  private @Nullable String name;

  /**
   * The device.
   *
   * @throws dev.gatehouse.proto.BadInput when there is none of that name
   */
  Device device() {
    return Devices.named(name);
  }

  /**
   * The device that a run goes on on: without the flag one of the kind that it began on.
   *
   * @throws dev.gatehouse.proto.BadInput when there is none
   */
  Device deviceOf(RunFolder begun) {
    return Devices.named(name == null ? begun.run().versions().get(Devices.RECORDED) : name);
  }
}
