package dev.gatehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.proto.cli.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

class CommandLineTest {
  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    return line.execute(arguments);
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  private void refused(int code, String reason, String... arguments) {
    assertThat(run(arguments)).isEqualTo(code);
    assertThat(err.toString())
        .startsWith("gatehouse: ")
        .contains(reason)
        .satisfies(text -> assertThat(text.lines()).hasSize(1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "train",
        "distill",
        "evaluate",
        "report",
        "compare",
        "export",
        "import",
        "verify",
        "sign",
        "inspect",
        "serve",
        "predict",
        "quickstart",
        "doctor"
      })
  void shouldShowExamplesOfEveryCommand(String command) {
    assertThat(run(command, "--help")).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("Usage: gatehouse " + command, "Examples:");
  }

  @Test
  void shouldGoTheWholePathCommandByCommand() throws Exception {
    String[] tiny = {"--architecture", "paper-mnist", "--epochs", "1", "--experts", "2"};
    String[] train = {"train", "--dataset", "strokes", "--out", path("attentive"), "--json"};
    assertThat(run(concat(train, tiny))).as(err.toString()).isEqualTo(ExitCode.OK);
    assertThat(run("distill", path("attentive"), "--epochs", "1", "--out", path("plain"), "--json"))
        .as(err.toString())
        .isEqualTo(ExitCode.OK);

    assertThat(run("evaluate", path("plain"))).as(err.toString()).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("I(expert; family)", "test rows by expert");

    Path page = folder.resolve("plain/report.html");
    String left = Files.readString(page);
    assertThat(run("report", "--run", path("plain"), "--out", path("again.html")))
        .isEqualTo(ExitCode.OK);
    assertThat(run("report", path("plain"), "--run", path("plain"))).isEqualTo(ExitCode.USAGE);
    assertThat(run("report")).isEqualTo(ExitCode.USAGE);
    assertThat(folder.resolve("again.html")).as("what training left").hasContent(left);
    assertThat(run("compare", path("attentive"), path("plain"), "--out", path("compare.html")))
        .isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("calibration error", "model.gate.gate");
    assertThat(folder.resolve("compare.html")).content().contains("2 runs side by side");

    String[] export = {"export", "--out", path("models"), "--name", "strokes", "--json"};
    assertThat(run(concat(export, "--run", path("plain")))).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("\"version\":1", "\"max_abs_diff\":");
    assertThat(run(concat(export, "--run", path("plain")))).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).as("the next free version").contains("\"version\":2");
    assertThat(
            Files.isSameFile(
                folder.resolve("models/strokes/1/gate.onnx"),
                folder.resolve("models/strokes/2/gate.onnx")))
        .isTrue();
    assertThat(out.toString()).containsPattern("\"shared_bytes\":[1-9]");

    assertThat(run("verify", path("models/strokes/1"))).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("portable 256 rows", "served   256 rows");

    try (GatehouseProcess server =
        GatehouseProcess.start(
            "serve",
            "--models",
            path("models"),
            "--grpc-port",
            "0",
            "--http-port",
            "0",
            "--json")) {
      String target = server.json().get("grpc").asString();
      Path image = folder.resolve("black.png");
      javax.imageio.ImageIO.write(
          new java.awt.image.BufferedImage(28, 28, java.awt.image.BufferedImage.TYPE_BYTE_GRAY),
          "png",
          image.toFile());
      assertThat(run("predict", "--target", target, "--routing", image.toString()))
          .as(err.toString())
          .isEqualTo(ExitCode.OK);
      assertThat(out.toString()).contains("black.png");
      assertThat(server.terminate()).isZero();
    }

    // An attentive gate needs every expert: it exports dense.
    assertThat(run(concat(export, "--run", path("attentive"), "--model-version", "9")))
        .isEqualTo(ExitCode.OK);
    assertThat(Files.readString(folder.resolve("models/strokes/9/manifest.json")))
        .contains("\"routing\" : \"dense\"");
  }

  @Test
  void shouldNameTheKnownDataSets() {
    refused(
        ExitCode.BAD_INPUT,
        "unknown data set 'mnits'; known are strokes, mnist, fashion-mnist",
        "train",
        "--dataset",
        "mnits",
        "--out",
        path("run"));
    assertThat(folder.resolve("run")).doesNotExist();
  }

  @Test
  void shouldSayWhichFileToPutWhere() {
    refused(
        ExitCode.BAD_INPUT,
        "train-images-idx3-ubyte",
        "train",
        "--dataset",
        "mnist",
        "--data-dir",
        folder.toString(),
        "--out",
        path("run"));
    assertThat(folder.resolve("run")).doesNotExist();
  }

  @Test
  void shouldRefuseARunFolderThatIsNone() {
    refused(ExitCode.BAD_INPUT, "no such run folder", "evaluate", path("nothing"));
    refused(
        ExitCode.BAD_INPUT,
        "no such run folder",
        "export",
        "--run",
        path("nothing"),
        "--out",
        path("models"),
        "--name",
        "x");
    assertThat(folder.resolve("models")).doesNotExist();
  }

  @Test
  void shouldRefuseToServeAnEmptyFolder() {
    refused(ExitCode.BAD_INPUT, folder.toString(), "serve", "--models", folder.toString());
  }

  @Test
  void shouldSayThatAPortIsTakenBeforeAnythingIsTrained() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(taken.getLocalPort());
      refused(
          ExitCode.UNAVAILABLE,
          "port " + port + " is in use; name another with --http-port",
          "quickstart",
          "--http-port",
          port,
          "--work",
          path("work"));
    }
    assertThat(folder.resolve("work")).doesNotExist();
  }

  /** What a full disk and a broken pipe throw has no file's name in it. */
  @Test
  void shouldSayInOneLineWhatTheMachineRefuses() {
    CommandLine line =
        Main.commandLine()
            .addSubcommand(
                "full",
                CommandSpec.wrapWithoutInspection(
                    (Callable<Integer>)
                        () -> {
                          throw new IOException("No space left on device");
                        }));
    // Both go to the commands that are there when they are set.
    line.setExecutionExceptionHandler(line.getExecutionExceptionHandler());
    line.setErr(new PrintWriter(err, true));

    assertThat(line.execute("full")).isEqualTo(ExitCode.FAILURE);
    assertThat(err.toString())
        .isEqualTo("gatehouse: No space left on device" + System.lineSeparator());
  }

  @Test
  void shouldRefuseAnOptionThatIsWrongAsUsage() {
    assertThat(run("train", "--epoks", "3")).isEqualTo(ExitCode.USAGE);
    assertThat(run("train", "--dataset", "strokes", "--serve", "top-x", "--out", path("run")))
        .isEqualTo(ExitCode.USAGE);
  }

  @Test
  void shouldNameAValueOutOfItsRange() {
    refused(
        ExitCode.BAD_INPUT,
        "epochs must be at least 1; epochs=0",
        "train",
        "--epochs",
        "0",
        "--out",
        path("run"));
  }

  private static String[] concat(String[] first, String... second) {
    String[] all = java.util.Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }
}
