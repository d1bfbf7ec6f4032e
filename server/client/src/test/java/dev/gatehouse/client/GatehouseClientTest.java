package dev.gatehouse.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.bundle.Bundle;
import dev.gatehouse.proto.bundle.SelfTest;
import dev.gatehouse.proto.cli.Unavailable;
import dev.gatehouse.proto.v1.PredictResponse;
import dev.gatehouse.service.app.Server;
import dev.gatehouse.service.app.ServerOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The client against a real server. */
class GatehouseClientTest {
  private static final Path MODELS =
      Path.of(System.getProperty("gatehouse.root"), "server/engine/src/test/resources/bundles");
  private static final Query TOP1 = Query.of("tiny-top1");

  private static Server server;
  private static GatehouseClient client;

  @BeforeAll
  static void start() {
    server = Server.start(ServerOptions.of(MODELS).withPorts(0, 0).withMaxMessageMib(1));
    client = GatehouseClient.connect(server.grpcAddress());
    client.awaitReady(Duration.ofSeconds(30));
  }

  @AfterAll
  static void stop() {
    client.close();
    server.close();
  }

  @Test
  void shouldAnswerBytesAndFloatsAlike() {
    SelfTest test = Bundle.open(MODELS.resolve("tiny-top1/1")).selfTest();
    byte[] bytes = new byte[test.rows().data().remaining()];
    test.rows().data().duplicate().get(bytes);
    float[] floats = new float[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      floats[i] = bytes[i] & 0xff;
    }

    PredictResponse fromBytes = client.predictUint8(TOP1.withRouting(), test.size(), bytes);
    PredictResponse fromFloats = client.predictFp32(TOP1.withRouting(), test.size(), floats);

    assertThat(fromBytes.getPredictionsCount()).isEqualTo(test.size());
    assertThat(fromBytes.getPredictionsList()).allMatch(p -> p.hasRouting());
    assertThat(fromFloats).isEqualTo(fromBytes);
  }

  @Test
  void shouldThrowTheServersWordsForAMistake() {
    assertThatThrownBy(() -> client.predictUint8(Query.of("nobody"), 1, new byte[64]))
        .isInstanceOf(BadInput.class)
        .hasMessageStartingWith("unknown model 'nobody'; served: [");
    assertThatThrownBy(() -> client.predictUint8(TOP1.withVersion(3), 1, new byte[64]))
        .isInstanceOf(BadInput.class)
        .hasMessage("model 'tiny-top1' has no version 3; served: [1]");
    assertThatThrownBy(() -> client.predictImages(TOP1, List.of(new byte[] {1})))
        .isInstanceOf(BadInput.class)
        .hasMessage("image 0: is neither PNG nor JPEG");
    assertThatThrownBy(() -> client.predictUint8(Query.ofOnlyModel(), 1, new byte[64]))
        .isInstanceOf(BadInput.class)
        .hasMessageStartingWith("name a model");
  }

  @Test
  void shouldSayThatARequestIsTooLarge() {
    int rows = (1 << 20) / 64 + 1;

    assertThatThrownBy(() -> client.predictUint8(TOP1, rows, new byte[rows * 64]))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("exceeds maximum size 1048576");
  }

  @Test
  void shouldSayThatNobodyListens() throws IOException {
    String target;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      target = "127.0.0.1:" + socket.getLocalPort();
    }
    try (GatehouseClient lost = GatehouseClient.connect(target)) {
      assertThatThrownBy(() -> lost.predictUint8(TOP1, 1, new byte[64]))
          .isInstanceOf(Unavailable.class)
          .hasMessageStartingWith("no server takes requests at " + target + ": ")
          .hasMessageNotContaining("\n");
      assertThatThrownBy(() -> lost.awaitReady(Duration.ofMillis(300)))
          .isInstanceOf(Unavailable.class)
          .hasMessage("no answer from " + target + " within the deadline");
    }
  }

  @Test
  void shouldReadTargets() {
    assertThat(Target.parse("[::1]:9090")).isEqualTo(new Target("::1", 9090));
    assertThat(Target.parse("localhost:1")).hasToString("localhost:1");
    for (String wrong : List.of("localhost", "localhost:", ":9090", "localhost:70000", "a:b")) {
      assertThatThrownBy(() -> Target.parse(wrong))
          .isInstanceOf(BadInput.class)
          .hasMessageStartingWith("a target is HOST:PORT, such as 127.0.0.1:9090; target=");
    }
  }
}
