package dev.gatehouse.trainer.experiment;

import static java.util.stream.Collectors.toSet;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.file.AtomicFiles;
import dev.gatehouse.proto.file.LockFile;
import dev.gatehouse.proto.file.Sha256;
import dev.gatehouse.proto.run.RunFolder;
import dev.gatehouse.trainer.data.DataSets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs the cells of a plan that have no result yet, several processes at a time. Every result is
 * written when it is there; a cell that was stopped or killed goes on from its checkpoint.
 *
 * <p>A student's teacher whose run folder is gone is run again, and must end with the weights that
 * are on record.
 */
public final class Experiment {
  private static final long POLL_MILLISECONDS = 200;
  private static final long GRACE_SECONDS = 60;
  private static final String OTHERWISE =
      "it was run again for its student, and its weights are others now; without its line in"
          + " cells.jsonl it counts anew";

  private final Path file;
  private final Plan plan;
  private final Path out;
  private final Path work;
  private final @Nullable Path dataDir;
  private final int jobs;
  private final ExperimentListener listener;
  private final Set<String> broken = new HashSet<>();

  /** Teachers whose weights were found to be those on record. */
  private final Set<String> known = new HashSet<>();

  private volatile boolean stopping;

  /**
   * An experiment.
   *
   * @param file the experiment file; the cells' processes read a copy, so that it may be edited
   * @param out folder of {@code cells.jsonl} and the tables; the cells work in its folder {@code
   *     work}
   * @param dataDir folder of the data set's files; null for an embedded one or the cache
   * @param jobs number of processes at a time
   */
  public Experiment(
      Path file, Path out, @Nullable Path dataDir, int jobs, ExperimentListener listener) {
    this.file = file;
    this.plan = Plan.read(file);
    this.out = out;
    this.work = out.resolve("work");
    this.dataDir = dataDir;
    this.jobs = jobs;
    this.listener = listener;
    plan.cells().forEach(Cell::training);
  }

  /** What is to be filled. */
  public Plan plan() {
    return plan;
  }

  /** The results so far. */
  public ResultTable table() throws IOException {
    Results results = results();
    return ResultTable.of(plan, results::of);
  }

  /**
   * Runs what has no result yet.
   *
   * @param cells those to be run
   * @return false when a cell ended in an error, or the experiment was stopped
   * @throws BadInput when another experiment works in the same folder
   * @throws dev.gatehouse.proto.cli.Unavailable when data are missing and cannot be downloaded
   */
  public boolean run(List<Cell> cells) throws IOException {
    Files.createDirectories(work);
    return LockFile.tryHolding(work.resolve("lock"), () -> runLocked(cells))
        .orElseThrow(() -> new BadInput(work + ": another experiment works here"));
  }

  /**
   * Runs a cell anew in a folder of its own, its teacher before it, and records nothing.
   *
   * @param folder an empty folder
   */
  public CellResult again(Cell cell, Path folder) throws IOException, InterruptedException {
    fetchData(List.of(cell));
    if (cell.teacher() != null) {
      again(cell.teacher(), folder);
    }
    Process process = CellProcess.start(copy(folder), folder, dataDir, cell);
    List<Running> running = List.of(new Running(cell, process));
    Thread hook = new Thread(() -> endAndDelete(running, folder), "stop");
    Runtime.getRuntime().addShutdownHook(hook);
    int code = process.waitFor();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // This process ends, and the folder with it.
      hook.join();
      throw new BadInput(cell.id() + ": stopped");
    }
    if (code != 0) {
      throw new BadInput(cell.id() + ": " + why(CellProcess.log(folder, cell)));
    }
    return CellProcess.result(folder, cell);
  }

  private static void endAndDelete(List<Running> running, Path folder) {
    end(running);
    try {
      AtomicFiles.delete(folder);
    } catch (IOException e) {
      System.err.println(folder + ": cannot be deleted: " + e.getMessage());
    }
  }

  /**
   * The experiment file as it was read, for the processes.
   *
   * @throws BadInput when it says something else by now
   */
  private Path copy(Path folder) throws IOException {
    Path copy = folder.resolve("plan.yaml");
    Files.createDirectories(folder);
    AtomicFiles.write(copy, Files.readString(file));
    if (!Plan.read(copy).equals(plan)) {
      throw new BadInput(file + ": was changed at this very moment; try again");
    }
    return copy;
  }

  /** What is on record of a cell. */
  public Optional<CellResult> recorded(Cell cell) throws IOException {
    return results().of(cell);
  }

  private Results results() throws IOException {
    return Results.open(out.resolve("cells.jsonl"), plan.cells());
  }

  private boolean runLocked(List<Cell> cells) throws IOException {
    Results results = results();
    results.outdated().forEach(listener::outdated);
    Deque<Cell> waiting = new ArrayDeque<>();
    for (Cell cell : cells) {
      if (results.of(cell).isEmpty()) {
        waiting.add(cell);
      }
    }
    fetchData(waiting);
    Path copy = copy(work);
    Set<String> asked = cells.stream().map(Cell::id).collect(toSet());
    List<Running> running = new ArrayList<>();
    Runnable stop =
        () -> {
          stopping = true;
          end(running);
        };
    Thread hook = new Thread(stop, "stop");
    Runtime.getRuntime().addShutdownHook(hook);
    Forecast forecast = new Forecast(results, jobs);
    listener.started(cells.size(), cells.size() - waiting.size(), forecast.left(waiting));
    try {
      while (!stopping && !(waiting.isEmpty() && running.isEmpty())) {
        startNext(copy, waiting, running, results);
        Thread.sleep(POLL_MILLISECONDS);
        for (Running ended : ended(running)) {
          conclude(ended, results);
          List<Cell> left = new ArrayList<>(waiting);
          running.forEach(r -> left.add(r.cell()));
          // A teacher whose own result nobody asked for takes time, and is no cell of theirs.
          long own = left.stream().filter(cell -> asked.contains(cell.id())).count();
          listener.left((int) own, forecast.left(left));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      if (!stopping) {
        end(running);
        Runtime.getRuntime().removeShutdownHook(hook);
      }
    }
    return !stopping && broken.isEmpty();
  }

  /** Downloads here what is missing, so that it is seen and done once. */
  private void fetchData(Collection<Cell> cells) {
    cells.stream()
        .map(cell -> CellRun.data(cell, dataDir))
        .distinct()
        .forEach(data -> DataSets.fetch(data, listener.downloads()));
  }

  private void startNext(Path copy, Deque<Cell> waiting, List<Running> running, Results results)
      throws IOException {
    synchronized (running) {
      int tries = waiting.size();
      while (!stopping && running.size() < jobs && tries-- > 0) {
        Cell next = waiting.poll();
        if (isTaught(next, running)) {
          waiting.add(next);
          continue;
        }
        Cell first = firstOf(next, results);
        if (first == null) {
          listener.failed(next, "its teacher has no model");
          broken.add(next.id());
        } else if (running.stream().anyMatch(r -> r.cell().id().equals(first.id()))) {
          waiting.add(next);
        } else {
          if (!first.equals(next)) {
            waiting.removeIf(cell -> cell.id().equals(first.id()));
            waiting.addFirst(next);
          }
          running.add(new Running(first, CellProcess.start(copy, work, dataDir, first)));
        }
      }
    }
  }

  /** A teacher at work may have its model already, and is not held against its record yet. */
  private static boolean isTaught(Cell cell, List<Running> running) {
    Set<String> atWork = running.stream().map(r -> r.cell().id()).collect(toSet());
    for (Cell teacher = cell.teacher(); teacher != null; teacher = teacher.teacher()) {
      if (atWork.contains(teacher.id())) {
        return true;
      }
    }
    return false;
  }

  /** The cell itself, or its teacher where that one has no model yet; null where it never will. */
  private @Nullable Cell firstOf(Cell cell, Results results) throws IOException {
    Cell teacher = cell.teacher();
    if (teacher == null) {
      return cell;
    }
    if (broken.contains(teacher.id())) {
      return null;
    }
    if (CellRun.isComplete(CellProcess.runs(work), teacher)) {
      return isOnRecord(teacher, results) ? cell : null;
    }
    boolean failed = results.of(teacher).map(r -> r.failure() != null).orElse(false);
    return failed ? null : firstOf(teacher, results);
  }

  /** False for a model that an earlier start of this experiment left with other weights. */
  private boolean isOnRecord(Cell teacher, Results results) throws IOException {
    CellResult.Figures figures = results.of(teacher).map(CellResult::figures).orElse(null);
    if (figures == null || known.contains(teacher.id())) {
      return true;
    }
    RunFolder folder = RunFolder.open(CellRun.folder(CellProcess.runs(work), teacher));
    if (Sha256.of(folder.weightsFile()).equals(figures.weights())) {
      known.add(teacher.id());
      return true;
    }
    broken.add(teacher.id());
    listener.failed(teacher, OTHERWISE);
    return false;
  }

  private static List<Running> ended(List<Running> running) {
    List<Running> ended = new ArrayList<>();
    synchronized (running) {
      for (Iterator<Running> all = running.iterator(); all.hasNext(); ) {
        Running one = all.next();
        if (!one.process().isAlive()) {
          all.remove();
          ended.add(one);
        }
      }
    }
    return ended;
  }

  private void conclude(Running ended, Results results) throws IOException {
    if (stopping) {
      return;
    }
    Cell cell = ended.cell();
    if (ended.process().exitValue() != 0) {
      broken.add(cell.id());
      listener.failed(cell, why(CellProcess.log(work, cell)));
      return;
    }
    CellResult result = CellProcess.result(work, cell);
    Optional<CellResult> before = results.of(cell);
    if (before.isPresent() && !CellResult.same(before.get(), result)) {
      broken.add(cell.id());
      listener.failed(cell, OTHERWISE);
      return;
    }
    if (before.isEmpty() && plan.seeds(cell.row()).contains(cell.seed())) {
      results.add(cell, result);
    }
    if (result.failure() == null) {
      boolean teaches =
          plan.rows().stream().anyMatch(row -> cell.row().name().equals(row.teacher()));
      RunFolder.open(CellRun.folder(CellProcess.runs(work), cell)).slim(!teaches);
    } else if (results.of(cell).isEmpty()) {
      // A teacher for a seed that its own row does not list: nothing else tells its students.
      broken.add(cell.id());
    }
    listener.finished(cell, result);
  }

  /** The last word of a process that ended in an error. */
  private static String why(Path log) throws IOException {
    List<String> lines = Files.exists(log) ? Files.readAllLines(log) : List.of();
    String last = lines.isEmpty() ? "it ended without a word" : lines.get(lines.size() - 1);
    return last + " (all of it in " + log + ")";
  }

  /** Lets the cells that are at work write their checkpoints, and waits for them. */
  private static void end(List<Running> running) {
    synchronized (running) {
      running.forEach(one -> one.process().destroy());
      for (Running one : running) {
        try {
          one.process().waitFor(GRACE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }

  /**
   * A cell at work.
   *
   * @param cell which one
   * @param process that runs it
   */
  private record Running(Cell cell, Process process) {}
}
