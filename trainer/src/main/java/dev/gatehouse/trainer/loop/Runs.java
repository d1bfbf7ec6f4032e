package dev.gatehouse.trainer.loop;

import ai.djl.Device;
import ai.djl.engine.Engine;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.file.AtomicFiles;
import dev.gatehouse.proto.network.ModelSpec;
import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.run.Run;
import dev.gatehouse.proto.run.RunFolder;
import dev.gatehouse.proto.run.Training;
import dev.gatehouse.trainer.array.Devices;
import dev.gatehouse.trainer.data.DataSet;
import dev.gatehouse.trainer.evaluation.Evaluation;
import dev.gatehouse.trainer.model.MixtureModel;
import dev.gatehouse.trainer.report.MeasuredRun;
import dev.gatehouse.trainer.report.RunReport;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How every run begins and ends. */
final class Runs {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS").withZone(ZoneOffset.UTC);

  private Runs() {}

  /** A run that starts now. */
  static Run started(
      Instant now,
      DataSet data,
      ModelSpec model,
      RoutingRule serving,
      Training training,
      @Nullable String teacher,
      Device device) {
    return new Run(
        RunFolder.FORMAT_VERSION,
        data.name() + "-" + STAMP.format(now),
        Run.Status.RUNNING,
        now.toString(),
        data.describe(),
        model,
        serving,
        training,
        teacher,
        versions(device),
        null);
  }

  /**
   * A run that can go on.
   *
   * @throws BadInput when it is complete, or was trained on other data
   */
  static Run unfinished(RunFolder folder, DataSet data) {
    Run run = folder.run();
    if (run.status() == Run.Status.COMPLETE) {
      throw new BadInput(folder.path() + ": this run is complete; there is nothing to go on with");
    }
    SameData.require(folder.path(), run, data);
    return run;
  }

  /**
   * Measures a trained model and completes its run folder; {@code run.json} comes last of what the
   * export needs, and the report, which can be made again, behind it.
   */
  static void complete(RunFolder folder, MixtureModel model, DataSet data) throws IOException {
    Run run = folder.run();
    Evaluation evaluation = Evaluation.of(model, data, run.serving());
    folder.write(evaluation.routing());
    folder.write(evaluation.measurements());
    folder.write(evaluation.selfTest());
    Run complete = run.complete(evaluation.results());
    folder.write(complete);
    AtomicFiles.write(
        folder.report(),
        RunReport.html(
            new MeasuredRun(complete, folder.metrics(), evaluation.measurements()),
            evaluation.examples()));
  }

  private static Map<String, String> versions(Device device) {
    return Map.of(
        Devices.RECORDED,
        Devices.kind(device),
        "java",
        Runtime.version().toString(),
        "djl",
        Engine.getDjlVersion(),
        "pytorch",
        Engine.getInstance().getVersion());
  }
}
