package dev.gatehouse.trainer.cli;

import ai.djl.Device;
import dev.gatehouse.proto.cli.Output;
import dev.gatehouse.trainer.config.TrainConfig;
import dev.gatehouse.trainer.data.DataSet;
import dev.gatehouse.trainer.loop.Estimate;

/** {@code train --dry-run}. */
final class DryRun {
  private DryRun() {}

  static void print(TrainConfig config, DataSet rows, Device device, Output output) {
    Estimate estimate = Estimate.of(config, rows, device);
    estimate.lines().forEach(output::text);
    output.result(estimate);
  }
}
