package dev.gatehouse.trainer.loop;

import dev.gatehouse.proto.file.Json;
import dev.gatehouse.proto.run.RunFolder;
import dev.gatehouse.trainer.config.DataRef;
import java.io.IOException;
import java.nio.file.Files;

/** The data of a run, to be opened again; {@link SameData} tells whether they are the same. */
public final class SavedData {
  private SavedData() {}

  /**
   * Where the data of a run are; by the data set's name alone in a run that does not say.
   *
   * @throws dev.gatehouse.proto.BadInput when what it says is damaged
   */
  public static DataRef of(RunFolder folder) {
    return Files.exists(folder.data())
        ? Json.read(folder.data(), DataRef.class)
        : new DataRef.Named(folder.run().dataset().name(), null);
  }

  /** Says where the data of a run are. */
  static void write(RunFolder folder, DataRef data) throws IOException {
    folder.writeData(Json.text(data));
  }
}
