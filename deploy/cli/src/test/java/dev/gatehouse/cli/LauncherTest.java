package dev.gatehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;
import picocli.CommandLine;

/**
 * The launcher in a checkout of its own, whose Maven and package manager are scripts that note how
 * they were called.
 */
class LauncherTest {
  private static final Path ROOT = Path.of(System.getProperty("gatehouse.root"));
  private static final Path JAVA_HOME = Path.of(System.getProperty("java.home"));

  /** A program of the launcher's class path, so that a test sees which JVM came to run it. */
  private static final String MAIN =
      "package dev.gatehouse.cli; public class Main { public static void main(String[] a) {"
          + " System.out.println(\"ran \" + String.join(\" \", a)); } }";

  private static final String WORKING_MAVEN =
      "case $* in *-v*) echo 'Apache Maven 3.9.9' ;; *) echo \"$*\" >>$CALLS; "
          + "echo '[INFO] Building Gatehouse proto 0.1.0  [2/11]';"
          + "sleep ${MAVEN_SECONDS:-0} ;; esac";

  @TempDir private Path folder;
  private Path checkout;
  private Path bin;
  private Path calls;
  private final Map<String, String> environment = new HashMap<>();

  private record Ended(int code, String out, String err) {}

  @BeforeEach
  void checkOut() throws Exception {
    checkout = Files.createDirectories(folder.resolve("checkout"));
    bin = Files.createDirectories(folder.resolve("bin"));
    calls = folder.resolve("calls");
    Files.copy(ROOT.resolve("gatehouse"), checkout.resolve("gatehouse"));
    for (String module : List.of("proto", "trainer", "server", "exporter", "deploy/cli/target")) {
      Files.createDirectories(checkout.resolve(module));
    }
    Files.writeString(checkout.resolve("pom.xml"), "<project/>");
    Path source = folder.resolve("classes/Main.java");
    Files.createDirectories(source.getParent());
    Files.writeString(source, MAIN);
    Process javac =
        new ProcessBuilder(
                JAVA_HOME.resolve("bin/javac").toString(), "-d", folder + "/classes", source + "")
            .inheritIO()
            .start();
    assertThat(javac.waitFor()).isZero();
    program("mvn", WORKING_MAVEN);
    environment.put("PATH", bin + ":/usr/bin:/bin");
    environment.put("HOME", folder.toString());
    environment.put("JAVA_HOME", JAVA_HOME.toString());
    environment.put("CALLS", calls.toString());
    environment.put("GATEHOUSE_CLASSPATH", folder.resolve("classes").toString());
  }

  private void program(String name, String body) throws IOException {
    Path file = Files.writeString(bin.resolve(name), "#!/bin/sh\n" + body + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private Process start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(checkout.resolve("gatehouse").toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder.environment().putAll(environment);
    return builder
        .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
        .start();
  }

  private static Ended end(Process process) throws IOException, InterruptedException {
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Ended(process.exitValue(), out, err);
  }

  private Ended run(String... arguments) throws IOException, InterruptedException {
    return end(start(arguments));
  }

  private List<String> calls() throws IOException {
    return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
  }

  /** A folder that looks like a JDK whose programs must not be run. */
  private Path jdk(String version) throws IOException {
    Path home = Files.createDirectories(folder.resolve("jdk-" + version));
    Files.createDirectories(home.resolve("bin"));
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    for (String name : List.of("java", "javac")) {
      Path file = Files.writeString(home.resolve("bin/" + name), "#!/bin/sh\nexit 99\n");
      assertThat(file.toFile().setExecutable(true)).isTrue();
    }
    return home;
  }

  @Test
  void shouldBuildOnFirstUseAndNotAgain() throws Exception {
    Ended first = run("train", "--x");
    Ended second = run("--help");

    assertThat(first).isEqualTo(new Ended(0, "ran train --x\n", first.err()));
    assertThat(first.err()).contains("building: Gatehouse proto [2/11]");
    assertThat(second).isEqualTo(new Ended(0, "ran --help\n", ""));
    assertThat(calls()).containsExactly("-B -DskipTests -Dlibraries.kept=false package");
  }

  @Test
  void shouldBuildAnewWhenASourceChangedAndNotWhenATestDid() throws Exception {
    assertThat(run("x").code()).isZero();
    FileTime later = FileTime.from(Instant.now().plusSeconds(5));

    Path test = Files.createDirectories(checkout.resolve("proto/src/test")).resolve("ATest.java");
    Files.setLastModifiedTime(Files.writeString(test, "class ATest {}"), later);
    assertThat(run("x").code()).isZero();
    assertThat(calls()).hasSize(1);

    Path source = checkout.resolve("proto/A.java");
    Files.setLastModifiedTime(Files.writeString(source, "class A {}"), later);
    assertThat(run("x").code()).isZero();
    assertThat(calls()).hasSize(2);
  }

  @Test
  void shouldFindAnotherJdkWhereJavaHomePointsNowhere() throws Exception {
    environment.put("JAVA_HOME", "/no/such/jdk");
    environment.put("PATH", bin + ":" + JAVA_HOME.resolve("bin") + ":/usr/bin:/bin");

    Ended ended = run("x");

    assertThat(ended.out()).isEqualTo("ran x\n");
    assertThat(ended.err()).contains("JAVA_HOME=/no/such/jdk holds no bin/java");
  }

  @Test
  void shouldPassOverAJdkThatIsTooOld() throws Exception {
    Path old = jdk("11.0.2");
    environment.put("PATH", bin + ":" + old.resolve("bin") + ":/usr/bin:/bin");
    environment.put("JAVA_HOME", jdk("1.8.0_392").toString());
    // The newer one stands third, where the launcher looks after JAVA_HOME and the PATH.
    assumeThat(Path.of("/usr/lib/jvm")).isDirectory();

    assertThat(run("x").out()).isEqualTo("ran x\n");
  }

  @Test
  void shouldSayWhatToInstallWhereItMayNotAskNorInstall() throws Exception {
    program("mvn", "echo 'Apache Maven 3.6.3'");
    program("id", "echo 1000");
    program("sudo", "echo \"$*\" >>$CALLS");
    program("apt-get", aptGet());

    Ended ended = run("x");

    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.err().lines())
        .containsExactly(
            "gatehouse: Maven 3.8.7 or newer is missing; it comes with: maven"
                + " (12.3 MB to download, 45 MB on disk)",
            "gatehouse: run this line, then this command again (gatehouse --yes COMMAND runs it"
                + " for you):"
                + " sudo apt-get install -y --no-install-recommends maven");
    assertThat(calls()).isEmpty();
  }

  private static String aptGet() {
    return "case $* in *--assume-no*) echo 'Need to get 12.3 MB of archives.';"
        + " echo 'After this operation, 45 MB of additional disk space will be used.';;"
        + " *) echo \"apt-get $*\" >>$CALLS;; esac";
  }

  @Test
  void shouldInstallWithoutAskingWhenToldTo() throws Exception {
    program("mvn", "if [ -e " + calls + " ]; then " + WORKING_MAVEN + "; fi");
    program("id", "echo 1000");
    program("sudo", "\"$@\"");
    program("apt-get", aptGet());

    Ended ended = run("--yes", "x");

    assertThat(ended.out()).isEqualTo("ran x\n");
    assertThat(calls())
        .containsExactly(
            "apt-get update -q",
            "apt-get install -y --no-install-recommends maven",
            "-B -DskipTests -Dlibraries.kept=false package");
  }

  @Test
  void shouldSayInOneLineWhyABuildFailedAndBuildNextTime() throws Exception {
    Map<String, String> reasons =
        Map.of(
            "write failed: No space left on device", "no space is left on the device",
            "repo: Unknown host repo", "the libraries cannot be downloaded: no network",
            "[ERROR] COMPILATION ERROR : ", "COMPILATION ERROR");
    for (Map.Entry<String, String> reason : reasons.entrySet()) {
      program(
          "mvn",
          "case $* in *-v*) echo 'Apache Maven 3.9.9';; *) echo '"
              + reason.getKey()
              + "'; exit 1;; esac");

      Ended ended = run("x");

      assertThat(ended.code()).isEqualTo(1);
      assertThat(ended.out()).isEmpty();
      assertThat(ended.err().lines().skip(1).toList())
          .singleElement()
          .asString()
          .startsWith("gatehouse: the build failed: " + reason.getValue())
          .contains("build.log");
    }
    program("mvn", WORKING_MAVEN);
    assertThat(run("x").out()).isEqualTo("ran x\n");
  }

  @Test
  void shouldTakeClassesFromAnArchiveThatTheBuildMakes() throws Exception {
    Path lib = Files.createDirectories(checkout.resolve("deploy/cli/target/lib"));
    Process jar =
        new ProcessBuilder(
                JAVA_HOME.resolve("bin/jar").toString(),
                "cf",
                lib + "/main.jar",
                "-C",
                environment.remove("GATEHOUSE_CLASSPATH"),
                "dev")
            .inheritIO()
            .start();
    assertThat(jar.waitFor()).isZero();
    assertThat(run("x").out()).isEqualTo("ran x\n");

    environment.put("GATEHOUSE_JAVA_OPTS", "-Xlog:class+load");
    assertThat(run("y").out())
        .containsPattern("dev\\.gatehouse\\.cli\\.Main source: shared objects file")
        .contains("ran y\n");
    try (Stream<Path> left = Files.list(lib.getParent())) {
      assertThat(left.map(file -> file.getFileName().toString()))
          .filteredOn(name -> name.startsWith("classes-"))
          .as("nothing that led to it stays")
          .containsExactly("classes-" + Runtime.version().feature());
    }
  }

  @Test
  void shouldPassOverAnArchiveOfClassesThatDoesNotFit() throws Exception {
    assertThat(run("x").out()).isEqualTo("ran x\n");
    Path archive = checkout.resolve("deploy/cli/target/classes-" + Runtime.version().feature());
    assertThat(archive).as("the rehearsal of this checkout fails").doesNotExist();

    Files.writeString(archive, "of another build");
    Ended ended = run("y");

    assertThat(ended.out()).isEqualTo("ran y\n");
    assertThat(ended.err()).isEmpty();
  }

  @Test
  void shouldHaveAServersCompilerWaitUnlessTheUserSaysOtherwise() throws Exception {
    assertThat(run("x").code()).isZero();
    environment.put("GATEHOUSE_JAVA_OPTS", "-XX:+PrintFlagsFinal");
    assertThat(run("serve").out()).containsPattern("Tier4InvocationThreshold +=\\s+20000 ");
    assertThat(run("train").out()).containsPattern("Tier4InvocationThreshold +=\\s+5000 ");

    environment.put(
        "GATEHOUSE_JAVA_OPTS", "-XX:+PrintFlagsFinal -XX:Tier4InvocationThreshold=7000");
    assertThat(run("serve").out())
        .containsPattern("Tier4InvocationThreshold +=\\s+7000 ")
        .endsWith("ran serve\n");
  }

  @Test
  void shouldKeepAServersYoungGenerationSmallUnlessTheUserSaysOtherwise() throws Exception {
    assertThat(run("x").code()).isZero();
    environment.put("GATEHOUSE_JAVA_OPTS", "-XX:+PrintFlagsFinal");
    String small = "MaxNewSize +=\\s+" + (96 << 20) + " ";
    assertThat(run("serve").out()).containsPattern(small);
    for (String measured : List.of("serve", "engine", "scale")) {
      assertThat(run("bench", measured).out()).as(measured).containsPattern(small);
    }
    assertThat(run("train").out()).doesNotContainPattern(small);

    environment.put("GATEHOUSE_JAVA_OPTS", "-XX:+PrintFlagsFinal -XX:MaxNewSize=200m");
    assertThat(run("serve").out()).containsPattern("MaxNewSize +=\\s+" + (200 << 20) + " ");
  }

  @Test
  void shouldBuildOnceWhenTwoStartAtOnce() throws Exception {
    environment.put("MAVEN_SECONDS", "2");
    Process first = start("a");
    Process second = start("b");

    assertThat(end(first).out()).isEqualTo("ran a\n");
    assertThat(end(second).out()).isEqualTo("ran b\n");
    assertThat(calls()).hasSize(1);
  }

  @Test
  void shouldBuildAgainAfterItWasStoppedInTheMiddle() throws Exception {
    environment.put("MAVEN_SECONDS", "5");
    Process process = start("x");
    while (calls().isEmpty()) {
      Thread.sleep(20);
    }
    // Not Process.destroy, which closes the streams as well.
    process.toHandle().destroy();
    Ended stopped = end(process);
    environment.remove("MAVEN_SECONDS");

    assertThat(stopped.code()).isEqualTo(130);
    assertThat(stopped.out()).isEmpty();
    assertThat(stopped.err()).contains("gatehouse: stopped; the next start builds on");
    assertThat(run("x").out()).isEqualTo("ran x\n");
    assertThat(calls()).hasSize(2);
  }

  @Test
  void shouldForgetABuildWhoseProcessWasKilled() throws Exception {
    Path lock = Files.createDirectories(checkout.resolve("deploy/cli/target/building"));
    Process gone = new ProcessBuilder("true").start();
    assertThat(gone.waitFor()).isZero();
    Files.writeString(lock.resolve("pid"), gone.pid() + "\n");

    assertThat(run("x").out()).isEqualTo("ran x\n");
  }

  /** As in a container whose first process was killed: the next one's has the same number. */
  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void shouldForgetABuildOfItsOwnNumber() throws Exception {
    Path lock = Files.createDirectories(checkout.resolve("deploy/cli/target/building"));
    String script =
        "echo $$ >%s && exec %s x".formatted(lock.resolve("pid"), checkout.resolve("gatehouse"));
    ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", script);
    builder.environment().clear();
    builder.environment().putAll(environment);

    assertThat(end(builder.start()).out()).isEqualTo("ran x\n");
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void shouldNotWaitForALockThatCannotBeMade() throws Exception {
    Path nowhere = folder.resolve("nowhere");
    Files.createSymbolicLink(checkout.resolve("deploy/cli/target/building"), nowhere);

    Ended ended = run("x");

    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.err())
        .contains("deploy/cli/target cannot be written to: is there space, and is it yours?")
        .hasLineCount(1);
  }

  @Test
  void shouldSayThatItCannotWriteIntoTheCheckout() throws Exception {
    Files.delete(checkout.resolve("deploy/cli/target"));
    Files.writeString(checkout.resolve("deploy/cli/target"), "in the way of a folder");

    Ended ended = run("x");

    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.err()).contains("cannot be written to").hasLineCount(1);
  }

  @Test
  void shouldTellWhatIsMissingBeforeAnythingIsBuilt() throws Exception {
    program("mvn", "echo 'Apache Maven 3.6.3'");
    program("apt-get", aptGet());
    program("id", "echo 0");

    Ended ended = run("doctor");

    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.out().lines())
        .anyMatch(line -> line.matches("JDK +ok +" + Runtime.version().feature() + " at .*"))
        .anyMatch(line -> line.matches("Maven +missing .*: apt-get install .* maven"));
    assertThat(calls()).isEmpty();
  }

  @Test
  void shouldPleaseShellcheck() throws Exception {
    Process there;
    try {
      there = new ProcessBuilder("shellcheck", "--version").start();
    } catch (IOException e) {
      String message = "shellcheck is not on the path; the launcher is not checked";
      assertThat(System.getenv("CI")).as(message).isNotEqualTo("true");
      throw new TestAbortedException(message, e);
    }
    assertThat(there.waitFor()).isZero();

    Ended ended =
        end(
            new ProcessBuilder(
                    "shellcheck",
                    ROOT.resolve("gatehouse") + "",
                    ROOT.resolve(".ci/run") + "",
                    ROOT.resolve(".ci/release") + "",
                    ROOT.resolve(".ci/bare-machine") + "")
                .start());

    assertThat(ended.out()).isEmpty();
    assertThat(ended.code()).isZero();
  }

  @Test
  void shouldCompleteCommandsAndValuesInBash() throws Exception {
    StringWriter script = new StringWriter();
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(script, true));
    assertThat(line.execute("generate-completion")).isZero();
    Path file = Files.writeString(folder.resolve("completion"), script.toString());

    assertThat(complete(file, "gatehouse", "quick")).containsExactly("quickstart");
    assertThat(complete(file, "gatehouse", "train", "--see")).containsExactly("--seed");
    assertThat(complete(file, "gatehouse", "train", "--method", "attentive-s"))
        .containsExactly("attentive-stochastic");
  }

  /** The script keeps an option's values under its label: a second option would take its place. */
  @Test
  void shouldGiveEachOptionWithValuesALabelOfItsOwn() {
    CommandLine line = Main.commandLine();
    for (CommandLine command : line.getSubcommands().values()) {
      List<String> labels =
          command.getCommandSpec().options().stream()
              .filter(option -> option.completionCandidates() != null || option.type().isEnum())
              .map(CommandLine.Model.OptionSpec::paramLabel)
              .toList();
      assertThat(labels).as(command.getCommandName()).doesNotHaveDuplicates();
    }
  }

  private static List<String> complete(Path script, String... words) throws Exception {
    String code =
        "compopt() { :; }; source %s; COMP_WORDS=(%s); COMP_CWORD=%d; _complete_gatehouse; printf '%%s\\n' \"${COMPREPLY[@]}\""
            .formatted(script, String.join(" ", words), words.length - 1);
    Ended ended = end(new ProcessBuilder("bash", "-c", code).start());
    assertThat(ended.err()).isEmpty();
    return ended.out().lines().map(String::strip).toList();
  }
}
