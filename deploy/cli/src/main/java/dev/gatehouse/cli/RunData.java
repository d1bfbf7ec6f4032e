package dev.gatehouse.cli;

import dev.gatehouse.exporter.DataRows;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.cli.Unavailable;
import dev.gatehouse.proto.run.RunFolder;
import dev.gatehouse.trainer.config.DataRef;
import dev.gatehouse.trainer.data.DataSet;
import dev.gatehouse.trainer.data.DataSets;
import dev.gatehouse.trainer.loop.SameData;
import dev.gatehouse.trainer.loop.SavedData;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The data of a run, from the trainer's data sets for the exporter. */
final class RunData {
  private RunData() {}

  /**
   * Rows of what {@code run} was trained on.
   *
   * @param folder where the user says that the data are; null for where the run left them, and then
   *     they need not be there
   * @throws BadInput when they are not in that folder, or are others
   */
  static DataRows of(RunFolder run, @Nullable Path folder) {
    try {
      DataRef ref = SavedData.of(run);
      DataSet data = DataSets.load(folder == null ? ref : ref.in(folder));
      SameData.require(run.path(), run.run(), data);
      return new DataRows.AtHand(data.train().rows(), data.test().rows(), data.test().labels());
    } catch (BadInput | Unavailable e) {
      if (folder != null) {
        throw e;
      }
      return new DataRows.Missing(String.valueOf(e.getMessage()));
    }
  }
}
