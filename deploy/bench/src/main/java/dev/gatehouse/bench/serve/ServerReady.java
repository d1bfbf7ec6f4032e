package dev.gatehouse.bench.serve;

import com.sun.management.ThreadMXBean;
import dev.gatehouse.proto.file.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** What a server's process says of itself: first its port, then, whenever asked, what it took. */
final class ServerReady {
  /**
   * The first line of a server's process.
   *
   * @param port it listens on
   */
  record Port(int port) {}

  /**
   * Its answer to an empty line.
   *
   * @param allocatedBytes heap that its threads have taken so far
   */
  record Taken(long allocatedBytes) {}

  private ServerReady() {}

  /** Says the port, and answers until standard input ends. */
  static void say(int port) throws IOException {
    System.out.println(Json.line(new Port(port)));
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    while (in.readLine() != null) {
      long bytes = Arrays.stream(threads.getThreadAllocatedBytes(threads.getAllThreadIds())).sum();
      System.out.println(Json.line(new Taken(bytes)));
    }
  }
}
