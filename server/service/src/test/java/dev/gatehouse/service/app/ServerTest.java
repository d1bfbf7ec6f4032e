package dev.gatehouse.service.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.cli.Unavailable;
import dev.gatehouse.service.testing.Golden;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerTest {
  private static final ServerOptions OPTIONS = ServerOptions.of(Golden.MODELS);

  @Test
  void shouldSayWhichPortIsInUse() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();

      assertThatThrownBy(() -> Server.start(OPTIONS.withPorts(port, 0)))
          .isInstanceOf(Unavailable.class)
          .hasMessage("port " + port + " on 127.0.0.1 is in use; name another with --grpc-port");
      assertThatThrownBy(() -> Server.start(OPTIONS.withPorts(0, port)))
          .isInstanceOf(Unavailable.class)
          .hasMessage("port " + port + " on 127.0.0.1 is in use; name another with --http-port");
    }
  }

  @Test
  void shouldLeaveNothingListeningWhenItDoesNotStart() throws IOException {
    int grpc = freePort();
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> Server.start(OPTIONS.withPorts(grpc, taken.getLocalPort())))
          .isInstanceOf(Unavailable.class);
    }

    try (Server server = Server.start(OPTIONS.withPorts(grpc, 0))) {
      assertThat(server.grpcPort()).isEqualTo(grpc);
    }
  }

  @Test
  void shouldCloseTwice() {
    Server server = Server.start(OPTIONS.withPorts(0, 0));

    server.close();
    server.close();

    assertThat(server.models()).hasSize(Golden.NAMES.size());
  }

  @Test
  void shouldNotStartWithoutAModel(@TempDir Path empty) {
    assertThatThrownBy(() -> Server.start(ServerOptions.of(empty).withPorts(0, 0)))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("holds no model");
  }

  @Test
  void shouldRefuseOptionsOutOfRange() {
    assertThatThrownBy(() -> OPTIONS.withPorts(70_000, 0))
        .isInstanceOf(BadInput.class)
        .hasMessage("a port is in [0, 65535]; --grpc-port=70000");
    assertThatThrownBy(() -> OPTIONS.withPorts(9000, 9000)).isInstanceOf(BadInput.class);
    assertThatThrownBy(() -> OPTIONS.withGrace(Duration.ofSeconds(-1)))
        .isInstanceOf(BadInput.class);
    assertThatThrownBy(() -> OPTIONS.withMaxMessageMib(0)).isInstanceOf(BadInput.class);
    assertThatThrownBy(() -> Server.start(OPTIONS.withHost("no such host").withPorts(0, 0)))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("--host");
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
