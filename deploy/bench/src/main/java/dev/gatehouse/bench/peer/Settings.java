package dev.gatehouse.bench.peer;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import java.util.List;

/**
 * How a session is opened. One thread in any case: callers are what is parallel.
 *
 * @param level how far ONNX Runtime rewrites the graph
 * @param arena whether a session keeps its memory from run to run
 */
public record Settings(OptLevel level, boolean arena) {
  /** Those that may be the best: lower levels are never faster. */
  public static final List<Settings> ALL =
      List.of(
          new Settings(OptLevel.EXTENDED_OPT, false),
          new Settings(OptLevel.EXTENDED_OPT, true),
          new Settings(OptLevel.ALL_OPT, false),
          new Settings(OptLevel.ALL_OPT, true));

  SessionOptions options() throws OrtException {
    SessionOptions options = new SessionOptions();
    options.setIntraOpNumThreads(1);
    options.setInterOpNumThreads(1);
    options.addConfigEntry("session.intra_op.allow_spinning", "0");
    options.setOptimizationLevel(level);
    options.setCPUArenaAllocator(arena);
    return options;
  }

  /** In short, as in JSON: {@code all, arena}. */
  @Override
  public String toString() {
    return (level == OptLevel.ALL_OPT ? "all" : "extended") + (arena ? ", arena" : "");
  }
}
