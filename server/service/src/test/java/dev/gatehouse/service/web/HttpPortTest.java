package dev.gatehouse.service.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What callers may do to the port, in bytes that no well-behaved client sends. */
class HttpPortTest {
  private static final int PATIENCE_MILLIS = 10_000;
  private static final String HEAD_OF_A_POST = "POST /api/ask HTTP/1.1\r\nHost: localhost\r\n";
  private static final Routes ROUTES =
      new Routes(
          Map.of("/api/read", question -> Page.plain(200, "read")),
          Map.of(
              "/api/ask",
              question -> Page.plain(200, "asked"),
              "/api/think",
              question -> thoughtfully()));

  private final List<Socket> open = new ArrayList<>();
  private HttpPort port;

  @BeforeEach
  void start() throws IOException {
    port = bound("127.0.0.1");
    port.start(ROUTES);
  }

  @AfterEach
  void stop() throws IOException {
    for (Socket socket : open) {
      socket.close();
    }
    port.close();
  }

  @Test
  void shouldNotWaitForTheBodyOfAGet() throws IOException {
    Socket socket = send("GET /api/read HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\n");

    assertThat(statusLine(socket)).startsWith("HTTP/1.1 200 ");
  }

  /** Twice as many as there are threads: whoever scrapes the metrics must not wait for them. */
  @Test
  void shouldAnswerWhoReadsHoweverManyBodiesAreAwaited() throws Exception {
    List<Socket> slow = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      slow.add(send(HEAD_OF_A_POST + "Content-Length: 5\r\n\r\nx"));
    }

    assertThat(answer("/api/read", "localhost")).startsWith("HTTP/1.1 200 ");
    List<Socket> refused = answered(slow, 40);
    for (Socket socket : refused) {
      assertThat(statusLine(socket)).startsWith("HTTP/1.1 503 ");
    }
    slow.removeAll(refused);
    assertThat(answered(slow, 0)).as("those whose body is awaited").isEmpty();

    slow.get(0).getOutputStream().write("body".getBytes(StandardCharsets.US_ASCII));
    assertThat(statusLine(slow.get(0))).startsWith("HTTP/1.1 200 ");
    assertThat(statusLine(send(HEAD_OF_A_POST + "Content-Length: 1\r\n\r\nx")))
        .as("in its place")
        .startsWith("HTTP/1.1 200 ");
  }

  /** Those that were answered, as soon as they are so many. */
  private static List<Socket> answered(List<Socket> sockets, int count)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + Duration.ofMillis(PATIENCE_MILLIS).toNanos();
    List<Socket> answered;
    do {
      Thread.sleep(5);
      answered = new ArrayList<>();
      for (Socket socket : sockets) {
        if (socket.getInputStream().available() > 0) {
          answered.add(socket);
        }
      }
      assertThat(end - System.nanoTime()).as("%d answered", answered.size()).isPositive();
    } while (answered.size() < count);
    return answered;
  }

  @Test
  void shouldGiveUpABodyThatTricklesOn() throws Exception {
    impatient();
    Socket socket = send(HEAD_OF_A_POST + "Content-Length: 1000\r\n\r\n");
    Thread trickle =
        new Thread(
            () -> {
              try {
                for (int i = 0; i < 300; i++) {
                  socket.getOutputStream().write('x');
                  Thread.sleep(100);
                }
              } catch (IOException | InterruptedException e) {
                // The server has closed the connection.
              }
            });
    trickle.setDaemon(true);
    trickle.start();

    assertThat(statusLine(socket)).startsWith("HTTP/1.1 408 ");
    trickle.interrupt();
  }

  @Test
  void shouldGiveUpABodyThatDoesNotCome() throws IOException {
    impatient();

    String answer = rest(send(HEAD_OF_A_POST + "Content-Length: 5\r\n\r\nx"));

    assertThat(answer).startsWith("HTTP/1.1 408 ");
    assertThat(answer).endsWith("{\"error\":\"the body did not come in time\"}");
  }

  /** A large model may compute for longer than a connection may be idle. */
  @Test
  void shouldTakeItsTimeForAnAnswer() throws IOException {
    impatient();

    Socket socket =
        send("POST /api/think HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\nx");

    assertThat(statusLine(socket)).startsWith("HTTP/1.1 200 ");
  }

  private static Page thoughtfully() {
    LockSupport.parkNanos(Duration.ofSeconds(4).toNanos());
    return Page.plain(200, "thought");
  }

  private void impatient() throws IOException {
    port.close();
    port = bound("127.0.0.1");
    port.start(ROUTES, Duration.ofSeconds(3));
  }

  @Test
  void shouldSayThatAQueryIsNotEncoded() throws IOException {
    String answer = answer("/api/read?x=%zz", "localhost");

    assertThat(answer).startsWith("HTTP/1.1 400 ");
    assertThat(answer).endsWith("{\"error\":\"the query behind ? is not percent-encoded UTF-8\"}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "LOCALHOST:8080",
        "gatehouse.localhost:80",
        "127.0.0.1",
        "127.0.0.1:8080",
        "10.1.2.3",
        "[::1]",
        "[::1]:8080"
      })
  void shouldAnswerOnTheLoopbackToItsNames(String host) throws IOException {
    assertThat(answer("/api/read", host)).startsWith("HTTP/1.1 200 ");
  }

  /** Whoever owns a name may point it at this machine, and so ask as a page of that name. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "evil.example:8080",
        "localhost.evil.example",
        "1.2.3.4.example",
        "notlocalhost"
      })
  void shouldNotAnswerOnTheLoopbackToAnotherName(String host) throws IOException {
    String answer = answer("/api/read", host);

    assertThat(answer).startsWith("HTTP/1.1 421 ");
    String name = host.replaceAll(":.*", "");
    assertThat(answer)
        .endsWith(
            "{\"error\":\"a server that listens on the loopback answers to localhost and to"
                + " addresses; Host="
                + name
                + "; ask by one of them, or start it with another --host\"}");
  }

  @Test
  void shouldAnswerToAnyNameElsewhere() throws IOException {
    port.close();
    port = bound("0.0.0.0");
    port.start(ROUTES);

    assertThat(answer("/api/read", "models.example")).startsWith("HTTP/1.1 200 ");
  }

  private static HttpPort bound(String host) throws IOException {
    return HttpPort.bind(new InetSocketAddress(host, 0));
  }

  private String answer(String path, String host) throws IOException {
    Socket socket =
        send("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
    return rest(socket);
  }

  private static String rest(Socket socket) throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
  }

  private Socket send(String head) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port.port());
    open.add(socket);
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private static String statusLine(Socket socket) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next; (next = socket.getInputStream().read()) >= 0 && next != '\r'; ) {
      line.write(next);
    }
    return line.toString(StandardCharsets.US_ASCII);
  }
}
