package dev.gatehouse.engine.pipeline;

import dev.gatehouse.engine.runtime.Optimisation;
import dev.gatehouse.engine.runtime.SessionSettings;
import dev.gatehouse.engine.schedule.Policy;
import dev.gatehouse.engine.schedule.Workers;
import dev.gatehouse.engine.tensor.Rows;
import dev.gatehouse.engine.testing.PendingCall;
import dev.gatehouse.proto.cli.ChildJvm;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A process that opens a model, has it asked by several threads, and closes it under them, again
 * and again. Prints the resident kilobytes behind each cycle.
 */
final class LoadCycles {
  private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");
  private static final int CALLERS = 3;
  private static final int CALLS_BEFORE_CLOSE = 50;
  private static final int ROWS = 16;
  private static final int PIXELS = 64;

  private LoadCycles() {}

  /**
   * The process.
   *
   * @param arguments the bundle, the number of cycles, and whether sessions have an arena
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    ChildJvm.endWithParent();
    Path bundle = Path.of(arguments[0]);
    SessionSettings settings =
        new SessionSettings(Optimisation.EXTENDED, Boolean.parseBoolean(arguments[2]));
    try (Workers workers = new Workers(2)) {
      EngineOptions options =
          EngineOptions.defaults()
              .withWorkers(workers)
              .withPolicy(Policy.PER_EXPERT)
              .withTuning(new Tuning(settings, settings));
      for (int cycle = 0; cycle < Integer.parseInt(arguments[1]); cycle++) {
        once(bundle, options);
        System.gc();
        System.out.println(residentKilobytes());
      }
    }
  }

  private static void once(Path bundle, EngineOptions options) throws InterruptedException {
    MoeModel model = MoeModel.open(bundle, options);
    CountDownLatch underWay = new CountDownLatch(CALLERS);
    List<Thread> callers = new ArrayList<>();
    for (int i = 0; i < CALLERS; i++) {
      Thread caller = new Thread(() -> askUntilClosed(model, underWay));
      caller.start();
      callers.add(caller);
    }
    underWay.await();
    model.close();
    for (Thread caller : callers) {
      caller.join();
    }
  }

  private static void askUntilClosed(MoeModel model, CountDownLatch underWay) {
    byte[] pixels = new byte[ROWS * PIXELS];
    new Random(1).nextBytes(pixels);
    Rows rows = Rows.ofUint8(ROWS, ByteBuffer.wrap(pixels));
    boolean open = true;
    for (int call = 0; open; call++) {
      PendingCall pending = PendingCall.of(rows);
      model.submit(pending, null);
      open = pending.answer().handle((answer, refused) -> refused == null).join();
      if (call == CALLS_BEFORE_CLOSE) {
        underWay.countDown();
      }
    }
  }

  private static long residentKilobytes() throws IOException {
    return RESIDENT
        .matcher(Files.readString(Path.of("/proc/self/status")))
        .results()
        .findFirst()
        .map((MatchResult found) -> Long.parseLong(found.group(1)))
        .orElseThrow();
  }
}
