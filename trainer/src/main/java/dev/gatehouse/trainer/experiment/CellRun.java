package dev.gatehouse.trainer.experiment;

import ai.djl.Device;
import dev.gatehouse.proto.file.AtomicFiles;
import dev.gatehouse.proto.run.Run;
import dev.gatehouse.proto.run.RunFolder;
import dev.gatehouse.trainer.array.Devices;
import dev.gatehouse.trainer.config.ConfigFile;
import dev.gatehouse.trainer.config.DataRef;
import dev.gatehouse.trainer.config.DistillConfig;
import dev.gatehouse.trainer.config.Resolution;
import dev.gatehouse.trainer.config.Settings;
import dev.gatehouse.trainer.config.TrainConfig;
import dev.gatehouse.trainer.data.DataSets;
import dev.gatehouse.trainer.loop.Distiller;
import dev.gatehouse.trainer.loop.Diverged;
import dev.gatehouse.trainer.loop.Stop;
import dev.gatehouse.trainer.loop.Trainer;
import dev.gatehouse.trainer.loop.TrainingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/**
 * Takes one cell from wherever it stands to its end, in this process.
 *
 * @param runs folder of all run folders
 * @param dataDir folder of the data set's files; null for an embedded one or the cache
 * @param listener told how it goes
 * @param stop asked whether to leave it to be gone on with
 */
record CellRun(Path runs, @Nullable Path dataDir, TrainingListener listener, Stop stop) {
  private static final int MARK = 8;

  /** Where a cell's run folder is: another one when the file's settings of it change. */
  static Path folder(Path runs, Cell cell) {
    return runs.resolve(cell.id() + "-" + cell.fingerprint().substring(0, MARK));
  }

  /** True when a cell's run folder is complete, its weights with it. */
  static boolean isComplete(Path runs, Cell cell) {
    if (!isBegun(runs, cell)) {
      return false;
    }
    RunFolder folder = RunFolder.open(folder(runs, cell));
    return folder.run().status() == Run.Status.COMPLETE && Files.exists(folder.weightsFile());
  }

  /** True when a cell's run folder holds a run with the numbers, and of the teacher, of today. */
  private static boolean isBegun(Path runs, Cell cell) {
    Path path = folder(runs, cell);
    if (!RunFolder.isStarted(path)) {
      return false;
    }
    RunFolder folder = RunFolder.open(path);
    // The configuration is written after the run: a process may be between the two, or was killed.
    if (!Files.exists(folder.configuration())
        || CellConfiguration.changedInFolder(ConfigFile.tree(folder.configuration()), cell)
            .isPresent()) {
      return false;
    }
    Cell teacher = cell.teacher();
    return teacher == null
        || (RunFolder.isStarted(folder(runs, teacher))
            && RunFolder.open(folder(runs, teacher)).run().id().equals(folder.run().teacher()));
  }

  /**
   * Runs a cell, or goes on with it.
   *
   * @param cell its teacher's run folder is complete
   * @throws dev.gatehouse.proto.BadInput when settings or data do not fit
   * @throws dev.gatehouse.trainer.loop.Stopped when it was asked to stop
   */
  CellResult of(Cell cell) throws IOException {
    Path path = folder(runs, cell);
    try {
      if (!isComplete(runs, cell)) {
        train(cell, path);
      }
    } catch (Diverged e) {
      return CellResult.failed(cell, String.valueOf(e.getMessage()));
    }
    return CellResult.of(cell, RunFolder.open(path));
  }

  private void train(Cell cell, Path path) throws IOException {
    if (!isBegun(runs, cell) || RunFolder.open(path).run().status() == Run.Status.COMPLETE) {
      // What a process left that was killed before it had written anything whole, what is left of a
      // run whose model is gone, or a run with other numbers.
      AtomicFiles.delete(path);
    }
    Cell teacher = cell.teacher();
    if (teacher == null) {
      TrainConfig config = Resolution.train(withData(cell.layer(), dataDir));
      Trainer trainer = new Trainer(Clock.systemUTC(), listener, stop, device(path));
      if (Files.exists(path)) {
        trainer.resume(RunFolder.open(path), DataSets.load(config.data()));
      } else {
        trainer.train(config, DataSets.load(config.data()), path);
      }
      return;
    }
    Path from = folder(runs, teacher);
    DistillConfig config =
        Resolution.distill(withData(cell.layer(), dataDir).with("teacher", from.toString()));
    Distiller distiller = new Distiller(Clock.systemUTC(), listener, stop, device(path));
    if (Files.exists(path)) {
      distiller.resume(RunFolder.open(path), from, DataSets.load(Distiller.data(config)));
    } else {
      distiller.distill(config, DataSets.load(Distiller.data(config)), path);
    }
  }

  /** One of the kind that a begun run is on record with, else the preferred one. */
  private static Device device(Path path) {
    return Devices.named(
        Files.exists(path) ? RunFolder.open(path).run().versions().get(Devices.RECORDED) : null);
  }

  /** The data of a cell, which are its teacher's. */
  static DataRef data(Cell cell, @Nullable Path dataDir) {
    return cell.teacher() == null
        ? Resolution.train(withData(cell.layer(), dataDir)).data()
        : data(cell.teacher(), dataDir);
  }

  private static Settings withData(Settings settings, @Nullable Path dataDir) {
    return dataDir == null ? settings : settings.with("data_dir", dataDir.toString());
  }
}
