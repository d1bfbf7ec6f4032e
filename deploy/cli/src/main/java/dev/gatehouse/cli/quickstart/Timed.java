package dev.gatehouse.cli.quickstart;

import java.util.LinkedHashMap;
import java.util.Map;

/** Runs stages and keeps how long each took. */
final class Timed {
  private final StageListener listener;
  private final Map<String, Double> seconds = new LinkedHashMap<>();

  Timed(StageListener listener) {
    this.listener = listener;
  }

  /** Work that may fail as reading and writing files does. */
  @FunctionalInterface
  interface Work<R> {
    R run() throws java.io.IOException;
  }

  <R> R stage(Stage stage, Work<R> work) throws java.io.IOException {
    listener.started(stage);
    long start = System.nanoTime();
    R result = work.run();
    double took = (System.nanoTime() - start) / 1e9;
    seconds.put(stage.key(), Math.round(took * 1000) / 1000.0);
    listener.ended(stage, took);
    return result;
  }

  /** Seconds by stage, in order. */
  Map<String, Double> seconds() {
    return seconds;
  }
}
