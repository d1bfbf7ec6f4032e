package dev.gatehouse.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.gatehouse.trainer.data.download.DownloadListener;
import dev.gatehouse.trainer.data.download.Downloads;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorTest {
  @TempDir private Path folder;

  private List<Check> checks(Map<String, String> environment, int port) {
    Downloads downloads = Downloads.in(environment, DownloadListener.QUIET);
    return new Doctor(downloads, Map.of("--http-port", port)).checks();
  }

  private static Check named(List<Check> checks, String name) {
    return checks.stream().filter(check -> check.name().equals(name)).findFirst().orElseThrow();
  }

  @Test
  void shouldFindThatThisMachineRunsGatehouse() throws Exception {
    List<Check> checks;
    int port;
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = taken.getLocalPort();
      checks = checks(Map.of("GATEHOUSE_CACHE", folder.resolve("cache").toString()), port);
    }

    assertThat(named(checks, "JDK").found()).startsWith(System.getProperty("java.version"));
    assertThat(named(checks, "PyTorch").state()).isEqualTo(Check.State.OK);
    assertThat(named(checks, "ONNX Runtime").found()).startsWith("1.");
    assertThat(named(checks, "cache folder").found())
        .startsWith(folder.resolve("cache").toString());
    assertThat(named(checks, "port " + port))
        .isEqualTo(Check.limited("port " + port, "in use", "name another with --http-port"));
    assertThat(named(checks(Map.of(), port), "port " + port).state()).isEqualTo(Check.State.OK);
  }

  @Test
  void shouldGiveARemedyForEverythingThatIsNotAsItShouldBe() {
    assertThat(checks(Map.of(), 0))
        .allSatisfy(
            check ->
                assertThat(Objects.nonNull(check.remedy()))
                    .as("%s", check)
                    .isEqualTo(check.state() != Check.State.OK));
  }

  @Test
  void shouldSayWhetherTheHomesOfDataSetsAnswer() throws Exception {
    HttpServer home =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    home.createContext("/", exchange -> exchange.sendResponseHeaders(404, -1));
    home.start();
    String mirror = "http://127.0.0.1:" + home.getAddress().getPort();

    Check there = named(checks(Map.of("GATEHOUSE_DATA_MIRROR", mirror), 0), "network");
    home.stop(0);
    Check gone = named(checks(Map.of("GATEHOUSE_DATA_MIRROR", mirror), 0), "network");

    assertThat(there).isEqualTo(Check.ok("network", "the homes of data sets answer"));
    assertThat(gone.state()).isEqualTo(Check.State.LIMITED);
    assertThat(gone.found()).isEqualTo("127.0.0.1: no answer");
    assertThat(gone.remedy()).contains("--data-dir", "GATEHOUSE_DATA_MIRROR");
  }

  @Test
  void shouldFailWhereACacheCannotBeMade() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "in the way");

    Check check = Doctor.folder("cache folder", file.resolve("gatehouse"));

    assertThat(check.state()).isEqualTo(Check.State.FAILED);
    assertThat(check.found()).contains(file + " cannot be written to");
  }

  @Test
  void shouldNotMakeTheFoldersThatItLooksAt() {
    assertThat(Doctor.folder("cache folder", folder.resolve("a/b")).state())
        .isNotEqualTo(Check.State.FAILED);
    assertThat(folder.resolve("a")).doesNotExist();
  }
}
