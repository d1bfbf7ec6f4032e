package dev.gatehouse.cli.project;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What documents point to is there: files, headings, and the code that they name. */
class LinksTest {
  private static final Path ROOT = Path.of(System.getProperty("gatehouse.root"));
  private static final Set<String> NOT_OURS =
      Set.of(".git", "target", "node_modules", "runs", "models", "gatehouse-quickstart");

  private static final Pattern FENCED = Pattern.compile("(?ms)^ *```.*?^ *```");
  private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} +(.*?) *$");
  private static final Pattern CODE = Pattern.compile("`([^`\n]+)`");

  /** A path that is written out, not a package's short name. */
  private static final Pattern PATH =
      Pattern.compile("([\\w-]+/)*(src|docs|\\.ci|\\.github|\\.mvn)/[\\w./-]+");

  /** A class, perhaps with a member of it. */
  private static final Pattern MEMBER =
      Pattern.compile("([A-Z][A-Za-z]*[a-z][A-Za-z]*)(?:\\.(\\w+))?(?:\\(.*\\))?");

  private static final List<Path> FILES = new ArrayList<>();

  @BeforeAll
  static void findFiles() throws IOException {
    Files.walkFileTree(
        ROOT,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return NOT_OURS.contains(name(folder))
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            FILES.add(file);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  @Test
  void shouldLinkToFilesAndHeadingsThatThereAre() throws IOException {
    List<String> dead = new ArrayList<>();
    for (Path document : documents()) {
      for (String link : found(LINK, prose(document))) {
        if (!link.matches("[a-z]+:.*") && !leads(document, link)) {
          dead.add(ROOT.relativize(document) + ": " + link);
        }
      }
    }

    assertThat(dead).isEmpty();
  }

  private static boolean leads(Path document, String link) throws IOException {
    String[] parts = link.split("#", 2);
    Path file = parts[0].isEmpty() ? document : document.resolveSibling(parts[0]);
    return Files.exists(file) && (parts.length == 1 || headings(file).contains(parts[1]));
  }

  /** The anchors of a document's headings, as forges make them. */
  private static Set<String> headings(Path document) throws IOException {
    return found(HEADING, prose(document)).stream()
        .map(text -> text.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N} _-]", ""))
        .map(text -> text.replace(' ', '-'))
        .collect(Collectors.toSet());
  }

  @Test
  void shouldNamePathsThatThereAre() throws IOException {
    List<String> gone = new ArrayList<>();
    for (Path document : documents()) {
      for (String code : found(CODE, prose(document))) {
        if (PATH.matcher(code).matches() && !Files.exists(ROOT.resolve(code))) {
          gone.add(ROOT.relativize(document) + ": " + code);
        }
      }
    }

    assertThat(gone).isEmpty();
  }

  @Test
  void shouldTellContributorsOfCodeThatThereIs() throws IOException {
    List<String> named = new ArrayList<>();
    List<String> gone = new ArrayList<>();
    for (String document : List.of("CONTRIBUTING.md", "docs/compatibility.md")) {
      for (String code : found(CODE, prose(ROOT.resolve(document)))) {
        var member = MEMBER.matcher(code);
        if (member.matches()) {
          named.add(code);
          if (!isThere(member.group(1), member.group(2))) {
            gone.add(document + ": " + code);
          }
        }
      }
    }

    assertThat(gone).isEmpty();
    assertThat(named).contains("GateKind", "ModelParts.gate()", "KeptFormatsTest");
  }

  private static boolean isThere(String type, @Nullable String member) throws IOException {
    for (Path file : FILES) {
      if (name(file).equals(type + ".java")) {
        return member == null
            || Pattern.compile("\\b" + member + "\\b").matcher(Files.readString(file)).find();
      }
    }
    return false;
  }

  private static List<Path> documents() {
    List<Path> documents = FILES.stream().filter(file -> name(file).endsWith(".md")).toList();
    assertThat(documents).hasSizeGreaterThan(10);
    return documents;
  }

  /** A document without its blocks of code. */
  private static String prose(Path document) throws IOException {
    return FENCED.matcher(Files.readString(document)).replaceAll("");
  }

  private static List<String> found(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(match -> match.group(1)).toList();
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }
}
