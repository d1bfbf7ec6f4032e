package dev.gatehouse.trainer.loop;

import ai.djl.Device;
import dev.gatehouse.proto.network.ModelSpec;
import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.run.Regularizers;
import dev.gatehouse.proto.run.RunFolder;
import dev.gatehouse.proto.run.Schedule;
import dev.gatehouse.proto.run.Training;
import dev.gatehouse.trainer.config.GateKind;
import dev.gatehouse.trainer.data.DataSet;
import dev.gatehouse.trainer.model.Initialisation;
import dev.gatehouse.trainer.model.MixtureModel;
import dev.gatehouse.trainer.testing.TinyData;
import dev.gatehouse.trainer.testing.TinyModels;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Trains an attentive mixture under every regulariser, in a process of its own whose Java heap is
 * there from the start, and prints after every {@link #WINDOW} steps what memory is taken: arrays
 * that the model's manager has, bytes of the process, bytes of the Java heap behind a collection.
 */
final class MeasuredSteps {
  static final int WINDOW = 50;
  static final int WINDOWS = 5;

  /** Bytes of a batch's rows as floats; the vector of all gradients takes more. */
  static final long BATCH_BYTES = 1024L * TinyData.SIDE * TinyData.SIDE * Float.BYTES;

  /** Where a leak of a whole step's arrays is stopped, before it takes the machine's memory. */
  private static final long MOST = 3_000_000_000L;

  private static final int BATCH = 1024;
  private static final int STEPS_AN_EPOCH = 10;
  private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

  private MeasuredSteps() {}

  private static Training training() {
    Schedule half = Schedule.of(0.5);
    return Training.plain(WINDOW * WINDOWS / STEPS_AN_EPOCH, BATCH, 1e-3, 1)
        .regularizers(
            new Regularizers(
                Schedule.of(0.2),
                half,
                half,
                null,
                false,
                Schedule.of(0.01),
                Schedule.of(0.001),
                List.of()));
  }

  private static DataSet data() {
    Random random = new Random(3);
    DataSet tiny = TinyData.dataSet(3);
    return new DataSet(
        tiny.name(),
        tiny.licence(),
        tiny.input(),
        tiny.classes(),
        tiny.families(),
        TinyData.rows(BATCH * STEPS_AN_EPOCH, random),
        TinyData.rows(BATCH, random),
        tiny.test());
  }

  /** Trains in the folder that {@code arguments} name. */
  public static void main(String[] arguments) throws IOException {
    ModelSpec spec =
        new ModelSpec(
            TinyData.input(),
            TinyData.dataSet(3).classes(),
            3,
            TinyModels.network(8, 256),
            GateKind.ATTENTIVE.spec(TinyModels.network(3, 5), 1));
    Training training = training();
    DataSet data = data();
    RunFolder folder =
        RunFolder.create(
            Path.of(arguments[0]),
            Runs.started(
                Instant.EPOCH, data, spec, new RoutingRule.Dense(), training, null, Device.cpu()));
    try (MixtureModel model =
        new MixtureModel(spec, Initialisation.of(spec.parameters(), 1), name -> true)) {
      Objective objective =
          new LabelObjective(model, data, training, new Regularisation(training, null));
      TrainingListener listener =
          new TrainingListener() {
            private int taken;

            @Override
            public void stepped(int epoch, int step, double loss) {
              if (++taken % WINDOW == 0) {
                System.out.println(taken(model));
              }
            }
          };
      new TrainingLoop(
              model,
              objective,
              training,
              new RoutingRule.Dense(),
              folder,
              listener,
              () -> resident() > MOST)
          .run(training.epochs(), TrainingState.START, Adam.State.START);
    }
  }

  /**
   * Memory taken now. Of the heap the least of several collections: what waits for a cleaner's
   * thread is kept by the first of them, by how much depends on when that thread runs.
   */
  private static String taken(MixtureModel model) {
    long heap = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      System.gc();
      heap = Math.min(heap, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
      LockSupport.parkNanos(20_000_000);
    }
    return "%d %d %d".formatted(model.manager().getManagedArrays().size(), resident(), heap);
  }

  private static long resident() {
    try {
      Matcher line = RESIDENT.matcher(Files.readString(Path.of("/proc/self/status")));
      if (!line.find()) {
        throw new AssertionError("no VmRSS");
      }
      return 1024 * Long.parseLong(line.group(1));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /**
   * Memory taken at one time.
   *
   * @param arrays that the model's manager has, with those of the managers below it
   * @param resident bytes of the process
   * @param heap bytes of the Java heap
   */
  record Taken(long arrays, long resident, long heap) {
    /** Reads the lines that {@link #main} prints. */
    static List<Taken> of(List<String> lines) {
      return lines.stream()
          .map(line -> List.of(line.split(" ", -1)))
          .map(
              n ->
                  new Taken(
                      Long.parseLong(n.get(0)), Long.parseLong(n.get(1)), Long.parseLong(n.get(2))))
          .toList();
    }
  }
}
