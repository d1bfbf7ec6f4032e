package dev.gatehouse.bench.serve;

import dev.gatehouse.proto.oip.GRPCInferenceServiceGrpc;
import dev.gatehouse.proto.oip.ModelInferRequest;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A server that is started again and again, each time as a new process.
 *
 * @param name for messages, and of the file of its errors
 * @param command starts it on {@code port}
 */
record Start(String name, ProcessBuilder command, int port) {
  private static final int MOST_SECONDS = 60;

  /** A port that is free now, for a server that must be told one before it is started. */
  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /**
   * Starts it, asks as soon as it listens, and ends it.
   *
   * @param folder for what it logs
   * @return milliseconds from the start of its process to the answer
   * @throws IllegalStateException when it ends before it listens, or does not within a minute
   */
  double firstAnswerMs(ModelInferRequest request, Path folder) throws IOException {
    long from = System.nanoTime();
    try (Talker process = Talker.start(name, command, folder)) {
      while (!listens()) {
        process.requireAlive();
        if (System.nanoTime() - from > TimeUnit.SECONDS.toNanos(MOST_SECONDS)) {
          throw new IllegalStateException(name + " does not listen within a minute");
        }
        pause();
      }
      ManagedChannel channel =
          NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
      try {
        GRPCInferenceServiceGrpc.newBlockingStub(channel)
            .withWaitForReady()
            .withDeadlineAfter(MOST_SECONDS, TimeUnit.SECONDS)
            .modelInfer(request);
        return (System.nanoTime() - from) / 1e6;
      } finally {
        channel.shutdownNow();
      }
    }
  }

  private boolean listens() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
