package dev.gatehouse.bench.serve;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A server under measurement.
 *
 * @param name as reports have it
 * @param settings how it was told to run
 * @param process its process
 * @param port it listens on
 * @param tellsBytes whether it says how much heap it took
 */
record Contender(String name, String settings, Talker process, int port, boolean tellsBytes)
    implements AutoCloseable {

  /** How a server is started. */
  record Plan(String name, String settings, ProcessBuilder command, boolean tellsBytes) {
    /**
     * Starts it and waits until it listens.
     *
     * @param folder for what it logs
     */
    Contender start(Path folder) throws IOException {
      Talker process = Talker.start(name, command, folder);
      try {
        int port = process.hear(ServerReady.Port.class).port();
        return new Contender(name, settings, process, port, tellsBytes);
      } catch (IOException | RuntimeException e) {
        process.close();
        throw e;
      }
    }
  }

  /** Heap that its threads have taken so far; 0 where it does not tell. */
  long allocatedBytes() throws IOException {
    if (!tellsBytes) {
      return 0;
    }
    process.say("");
    return process.hear(ServerReady.Taken.class).allocatedBytes();
  }

  @Override
  public void close() {
    process.close();
  }
}
