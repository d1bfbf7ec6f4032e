package dev.gatehouse.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
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
    return new Doctor(environment, Map.of("--http-port", port)).checks();
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
      checks = checks(Map.of("XDG_CACHE_HOME", folder.toString()), port);
    }

    assertThat(named(checks, "JDK").found()).startsWith(System.getProperty("java.version"));
    assertThat(named(checks, "PyTorch").state()).isEqualTo(Check.State.OK);
    assertThat(named(checks, "ONNX Runtime").found()).startsWith("1.");
    assertThat(named(checks, "cache folder").found())
        .startsWith(folder.resolve("gatehouse").toString());
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
