package dev.gatehouse.trainer.loop;

import dev.gatehouse.proto.run.RunFolder;
import dev.gatehouse.trainer.data.DataSet;
import dev.gatehouse.trainer.testing.TinyData;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;

/** A process that starts {@link ResumeTest}'s run, or goes on with it, and waits to be killed. */
final class KilledRun {
  private KilledRun() {}

  /** Trains in the folder that is named. */
  public static void main(String[] arguments) throws Exception {
    Path run = Path.of(arguments[0]);
    DataSet data = TinyData.dataSet(17);
    Trainer trainer = new Trainer(Clock.systemUTC(), new TrainingListener() {});
    if (Files.exists(run)) {
      trainer.resume(RunFolder.open(run), data);
    } else {
      trainer.train(ResumeTest.config(), data, run);
    }
  }
}
