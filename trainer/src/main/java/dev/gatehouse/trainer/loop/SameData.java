package dev.gatehouse.trainer.loop;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.run.Run;
import dev.gatehouse.trainer.data.DataSet;
import java.nio.file.Path;

/** Holds data against those that a run was trained on. */
public final class SameData {
  private SameData() {}

  /**
   * Refuses other data, by their fingerprint.
   *
   * @param folder names the run in the message
   * @throws BadInput when {@code data} are not those of {@code run}
   */
  public static void require(Path folder, Run run, DataSet data) {
    if (!run.dataset().fingerprint().equals(data.fingerprint())) {
      throw new BadInput(
          folder
              + ": was trained on "
              + run.dataset().name()
              + " with fingerprint "
              + run.dataset().fingerprint()
              + "; these data have "
              + data.fingerprint());
    }
  }
}
