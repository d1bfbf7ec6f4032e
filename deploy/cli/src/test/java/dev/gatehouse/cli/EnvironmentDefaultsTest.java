package dev.gatehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.proto.cli.ExitCode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

class EnvironmentDefaultsTest {
  @TempDir private Path folder;
  private final Map<String, String> environment = new HashMap<>();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    CommandLine line = Main.commandLine(environment);
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    return line.execute(arguments);
  }

  @Test
  void shouldTakeAnOptionFromItsVariable() {
    environment.put("GATEHOUSE_SERVE_MODELS", folder.resolve("nothing").toString());

    assertThat(run("serve")).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(err.toString()).contains(folder.resolve("nothing").toString());
  }

  @Test
  void shouldLetTheCommandLineWin() {
    environment.put("GATEHOUSE_SERVE_GRPC_PORT", "70000");
    environment.put("GATEHOUSE_SERVE_MODELS", folder.toString());

    assertThat(run("serve")).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(err.toString()).contains("a port is in [0, 65535]; --grpc-port=70000");
    err.getBuffer().setLength(0);

    assertThat(run("serve", "--grpc-port", "0")).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(err.toString()).doesNotContain("70000").contains(folder.toString());
  }

  /** Images often have their version in the environment. */
  @Test
  void shouldNotTakeTheVersionOfAnImageForAFlag() throws Exception {
    environment.put("GATEHOUSE_VERSION", "0.1.0");
    environment.put("GATEHOUSE_HELP", "yes");
    environment.put("GATEHOUSE_SERVE_HELP", "yes");

    assertThat(run("serve", "--models", folder.toString())).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(err.toString()).contains(folder + ": holds no model");
  }

  @Test
  void shouldRefuseAPortThatIsNone() {
    environment.put("GATEHOUSE_SERVE_MODELS", folder.toString());
    for (String command : List.of("serve", "doctor", "quickstart")) {
      err.getBuffer().setLength(0);
      assertThat(run(command, "--http-port", "70000")).as(command).isEqualTo(ExitCode.BAD_INPUT);
      assertThat(err.toString()).contains("a port is in [0, 65535]; --http-port=70000");
    }
  }

  @Test
  void shouldLetAVariableWinOverTheConfigurationFile() throws Exception {
    Path config = folder.resolve("c.yaml");
    Files.writeString(config, "training:\n  epochs: 3\n  seed: 7\n");
    environment.put("GATEHOUSE_TRAIN_EPOCHS", "0");

    assertThat(run("train", "--config", config.toString(), "--dry-run"))
        .isEqualTo(ExitCode.BAD_INPUT);
    assertThat(err.toString()).contains("epochs must be at least 1; epochs=0");
  }

  @Test
  void shouldSayThatAVariablesValueIsWrong() {
    environment.put("GATEHOUSE_TRAIN_SEED", "one");

    assertThat(run("train", "--dry-run")).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).contains("'--seed'").contains("one");
  }

  @Test
  void shouldGiveEveryOptionAVariableOfItsOwn() {
    Set<String> names = new HashSet<>();
    Main.commandLine(environment)
        .getSubcommands()
        .values()
        .forEach(command -> collect(command.getCommandSpec(), names));

    assertThat(names)
        .contains("GATEHOUSE_SERVE_GRPC_PORT", "GATEHOUSE_BENCH_TRAIN_JSON")
        .doesNotContain("GATEHOUSE_BUILD", "GATEHOUSE_CACHE", "GATEHOUSE_DATA_MIRROR");
  }

  private static void collect(CommandSpec command, Set<String> names) {
    for (OptionSpec option : command.options()) {
      assertThat(names.add(EnvironmentDefaults.variable(option))).as("%s", option).isTrue();
    }
    command.subcommands().values().forEach(sub -> collect(sub.getCommandSpec(), names));
  }
}
