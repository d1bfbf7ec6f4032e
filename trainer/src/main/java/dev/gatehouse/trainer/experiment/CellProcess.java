package dev.gatehouse.trainer.experiment;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.cli.ChildJvm;
import dev.gatehouse.proto.cli.ExitCode;
import dev.gatehouse.proto.cli.Unavailable;
import dev.gatehouse.proto.file.AtomicFiles;
import dev.gatehouse.proto.file.Json;
import dev.gatehouse.trainer.loop.StopOnSignal;
import dev.gatehouse.trainer.loop.Stopped;
import dev.gatehouse.trainer.loop.TrainingListener;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A process that runs one cell and ends: the engine collects gradients for one training a process
 * at a time. It ends with its parent, so that a killed experiment leaves no trainer behind.
 */
final class CellProcess {
  private static final String RESULT = "result.json";
  private static final String LOG = "log.txt";

  private CellProcess() {}

  /**
   * Starts the process of a cell.
   *
   * @param plan the experiment file, which stays as it is while the process runs
   * @param work folder of run folders and of what processes say
   */
  static Process start(Path plan, Path work, @Nullable Path dataDir, Cell cell) throws IOException {
    Path folder = said(work, cell);
    Files.createDirectories(folder);
    Files.deleteIfExists(folder.resolve(RESULT));
    ProcessBuilder builder =
        ChildJvm.of(
                CellProcess.class,
                List.of(
                    plan.toString(),
                    work.toString(),
                    dataDir == null ? "" : dataDir.toString(),
                    Long.toString(cell.seed()),
                    cell.id()))
            .redirectErrorStream(true);
    File log = folder.resolve(LOG).toFile();
    return builder.redirectOutput(log).start();
  }

  /** What a process that ended well found out. */
  static CellResult result(Path work, Cell cell) {
    return Json.read(said(work, cell).resolve(RESULT), CellResult.class);
  }

  /** Where a process says what went wrong. */
  static Path log(Path work, Cell cell) {
    return said(work, cell).resolve(LOG);
  }

  /** Folder of all run folders. */
  static Path runs(Path work) {
    return work.resolve("runs");
  }

  /** Runs the cell that is named: plan, work folder, data folder or nothing, seed, id. */
  public static void main(String[] arguments) throws IOException {
    ChildJvm.endWithParent();
    Plan plan = Plan.read(Path.of(arguments[0]));
    Path work = Path.of(arguments[1]);
    Path dataDir = arguments[2].isEmpty() ? null : Path.of(arguments[2]);
    Cell cell = named(plan, Long.parseLong(arguments[3]), arguments[4]);
    int code = ExitCode.OK;
    try (StopOnSignal stop = new StopOnSignal()) {
      CellResult result =
          new CellRun(runs(work), dataDir, new TrainingListener() {}, stop).of(cell);
      AtomicFiles.write(said(work, cell).resolve(RESULT), Json.text(result));
    } catch (Stopped e) {
      code = ExitCode.STOPPED;
    } catch (BadInput | Unavailable e) {
      System.err.println(e.getMessage());
      code = e instanceof BadInput ? ExitCode.BAD_INPUT : ExitCode.UNAVAILABLE;
    } catch (IOException | RuntimeException | Error e) {
      // The last line is what the experiment shows: the fault, not where it was.
      e.printStackTrace();
      System.err.println(e);
      code = ExitCode.FAILURE;
    }
    System.exit(code);
  }

  private static Path said(Path work, Cell cell) {
    return work.resolve("said").resolve(cell.id());
  }

  private static Cell named(Plan plan, long seed, String id) {
    return plan.rows().stream()
        .flatMap(row -> plan.cells(row, seed).stream())
        .filter(cell -> cell.id().equals(id))
        .findFirst()
        .orElseThrow(() -> new BadInput("no cell is named " + id));
  }
}
