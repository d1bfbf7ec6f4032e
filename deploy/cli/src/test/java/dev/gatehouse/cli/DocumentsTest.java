package dev.gatehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What the documents say of the project, held to the project. */
class DocumentsTest {
  private static final Path ROOT = Path.of(System.getProperty("gatehouse.root"));
  private static final Map<String, String> FOLDERS =
      Map.of(
          "proto", "proto",
          "trainer", "trainer",
          "engine", "server/engine",
          "service", "server/service",
          "client", "server/client",
          "exporter", "exporter",
          "bench", "deploy/bench",
          "peers", "deploy/peers",
          "cli", "deploy/cli");
  private static final Pattern DEPENDENCY =
      Pattern.compile("<dependency>(.*?)</dependency>", Pattern.DOTALL);
  private static final Pattern OURS = Pattern.compile("<artifactId>gatehouse-(\\w+)</artifactId>");
  private static final Pattern ARROW = Pattern.compile("^ +(\\w+) --> (\\w+)$", Pattern.MULTILINE);

  @Test
  void shouldDrawTheModulesAsTheirPomsHaveThem() throws IOException {
    Set<String> arrows = new TreeSet<>();
    for (Map.Entry<String, String> module : FOLDERS.entrySet()) {
      String pom = Files.readString(ROOT.resolve(module.getValue()).resolve("pom.xml"));
      DEPENDENCY
          .matcher(pom.replaceAll("(?s)<parent>.*?</parent>", ""))
          .results()
          .map(dependency -> dependency.group(1))
          .filter(dependency -> !dependency.contains("<scope>test</scope>"))
          .flatMap(dependency -> OURS.matcher(dependency).results())
          .forEach(used -> arrows.add(module.getKey() + " --> " + used.group(1)));
    }
    String picture = read("docs/architecture.md");
    picture = picture.substring(picture.indexOf("```mermaid"));

    Set<String> drawn =
        ARROW
            .matcher(picture)
            .results()
            .map(arrow -> arrow.group(1) + " --> " + arrow.group(2))
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(drawn).isEqualTo(arrows);
    assertThat(modules("pom.xml", "")).isEqualTo(new TreeSet<>(FOLDERS.values()));
  }

  /** Folders of the modules that have code, from the poms that only list others. */
  private static Set<String> modules(String pom, String folder) throws IOException {
    Set<String> modules = new TreeSet<>();
    List<String> names =
        Pattern.compile("<module>(.*?)</module>")
            .matcher(read(folder + pom))
            .results()
            .map(module -> folder + module.group(1))
            .toList();
    for (String name : names) {
      Set<String> below = modules(pom, name + "/");
      if (below.isEmpty()) {
        modules.add(name);
      }
      modules.addAll(below);
    }
    return modules;
  }

  @Test
  void shouldNameEveryVariableOfTheLauncher() throws IOException {
    Set<String> read =
        Pattern.compile("\\$\\{(GATEHOUSE_\\w+|JAVA_HOME|CHROME):?-?")
            .matcher(read("gatehouse"))
            .results()
            .map(variable -> variable.group(1))
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(read).contains("GATEHOUSE_BUILD", "GATEHOUSE_JAVA_OPTS");
    assertThat(read("docs/configuration.md"))
        .contains(read.stream().map(name -> "| `" + name + "` |").toList());
  }

  @Test
  void shouldListTheExitCodesThatTheCommandLists() throws IOException {
    String document = read("docs/configuration.md");
    Map<String, String> codes = Main.commandLine().getCommandSpec().usageMessage().exitCodeList();

    assertThat(codes.keySet()).contains("0", "4");
    codes.keySet().forEach(code -> assertThat(document).contains("| " + code + " | "));
  }

  @Test
  void shouldSpeakOfCommandsThatThereAre() throws IOException {
    CommandLine line = Main.commandLine();
    Pattern call = Pattern.compile("(?m)(?:^\\$ |^|`)\\./gatehouse ([a-z][a-z-]*)");
    try (var documents = Files.list(ROOT.resolve("docs"))) {
      for (Path document : documents.filter(file -> file.toString().endsWith(".md")).toList()) {
        call.matcher(Files.readString(document))
            .results()
            .map(found -> found.group(1))
            .filter(command -> !command.equals("test"))
            .forEach(
                command ->
                    assertThat(line.getSubcommands()).as("%s", document).containsKey(command));
      }
    }
  }

  private static String read(String file) throws IOException {
    return Files.readString(ROOT.resolve(file));
  }
}
