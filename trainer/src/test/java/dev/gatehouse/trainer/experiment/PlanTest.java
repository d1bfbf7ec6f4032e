package dev.gatehouse.trainer.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.proto.BadInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlanTest {
  @TempDir private Path folder = Path.of("");

  @Test
  void theFirstSeedOfAllRowsComesBeforeTheSecondSeedOfAny() throws Exception {
    Plan plan =
        read(
            """
            about: order
            seeds: [3, 1]
            training: {dataset: mnist}
            rows:
              - name: a
                method: original
                grid:
                  training.regularizers.beta_same: [1e-6, 1e-5]
                  training.regularizers.beta_different: [0.1, 0.2]
              - {name: b, teacher: a, at: {training.regularizers.beta_different: 0.2}}
            """);
    assertThat(plan.cells())
        .extracting(Cell::id)
        .containsExactly(
            "a/beta_same=1e-6,beta_different=0.1/seed-3",
            "a/beta_same=1e-6,beta_different=0.2/seed-3",
            "a/beta_same=1e-5,beta_different=0.1/seed-3",
            "a/beta_same=1e-5,beta_different=0.2/seed-3",
            "b/beta_same=1e-6,beta_different=0.2/seed-3",
            "b/beta_same=1e-5,beta_different=0.2/seed-3",
            "a/beta_same=1e-6,beta_different=0.1/seed-1",
            "a/beta_same=1e-6,beta_different=0.2/seed-1",
            "a/beta_same=1e-5,beta_different=0.1/seed-1",
            "a/beta_same=1e-5,beta_different=0.2/seed-1",
            "b/beta_same=1e-6,beta_different=0.2/seed-1",
            "b/beta_same=1e-5,beta_different=0.2/seed-1");
  }

  @Test
  void aRowMayHaveSeedsOfItsOwn() throws Exception {
    Plan plan =
        read(
            """
            about: seeds
            seeds: [1, 2]
            rows:
              - {name: a, method: original}
              - {name: more, method: top-1, seeds: [1, 2, 5]}
              - {name: one, teacher: a, seeds: [2]}
            """);
    assertThat(plan.cells())
        .extracting(Cell::id)
        .containsExactly(
            "a/seed-1", "more/seed-1", "a/seed-2", "more/seed-2", "one/seed-2", "more/seed-5");
    assertThat(plan.cells().get(1).fingerprint())
        .isEqualTo(
            read("about: a\nseeds: [1]\nrows: [{name: more, method: top-1}]")
                .cells()
                .get(0)
                .fingerprint());
  }

  @Test
  void aFingerprintChangesWithTheSettingsOfTheCellAndOfItsTeacherAndWithNothingElse()
      throws Exception {
    String text =
        """
        about: fingerprints
        seeds: [1]
        training: {dataset: mnist, training.epochs: 3}
        rows:
          - {name: a, title: A, method: original}
          - {name: b, teacher: a}
        """;
    Cell before = read(text).cells().get(1);
    assertThat(
            read(text.replace("about: fingerprints", "about: others")
                    .replace("title: A", "title: B"))
                .cells()
                .get(1)
                .fingerprint())
        .isEqualTo(before.fingerprint());
    assertThat(read(text.replace("epochs: 3", "epochs: 4")).cells().get(1).fingerprint())
        .isNotEqualTo(before.fingerprint());
    assertThat(read(text.replace("seeds: [1]", "seeds: [2]")).cells().get(1).fingerprint())
        .isNotEqualTo(before.fingerprint());
  }

  @Test
  void aMethodIsReadAsThePaperReadsIt() throws Exception {
    Plan plan =
        read(
            """
            about: views
            seeds: [1]
            rows:
              - {name: dense, method: attentive}
              - {name: two, method: top-2}
              - {name: sampled, method: stochastic}
              - {name: foretold, method: loss-gate}
              - {name: ungated, method: no-gate-entropy, view: argmax_of_gate}
              - {name: student, teacher: dense, settings: {training.rule: top-1}}
            """);
    assertThat(plan.cells())
        .extracting(Cell::view)
        .containsExactly(
            View.DENSE, View.SERVED, View.ARGMAX, View.ARGMAX, View.ARGMAX_OF_GATE, View.SERVED);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          rows: [{name: b, teacher: a}]                     | row b: no row above it is named as its teacher a
          rows: [{name: a}, {name: a}]                      | two rows are named a
          rows: [{name: A b}]                               | a row's name is made of small letters, digits and '-'; name=A b
          rows: [{name: a, grid: {x: []}}]                  | row a: a grid without values
          rows: [{name: a, seeds: [1, 1]}]                  | row a: seeds must be one or more different numbers; seeds=[1, 1]
          rows: []                                          | an experiment has one row or more
          rows: [{name: a, tittle: A}]                      | tittle
          """)
  void aPlanThatCannotBeIsRefusedInOneLine(String rows, String message) {
    assertThatThrownBy(() -> read("about: wrong\nseeds: [1]\n" + rows))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining(message)
        .message()
        .hasLineCount(1);
  }

  @Test
  void everyExperimentOfTheDocumentationIsAPlanThatTrainingUnderstands() throws Exception {
    Path docs = Path.of("..", "docs", "results");
    List<Path> files;
    try (Stream<Path> all = Files.list(docs)) {
      files = all.filter(f -> f.toString().endsWith(".yaml")).toList();
    }
    assertThat(files).isNotEmpty();
    for (Path file : files) {
      assertThat(Plan.read(file).cells()).allSatisfy(Cell::training);
    }
  }

  private Plan read(String text) throws IOException {
    Path file = folder.resolve("plan.yaml");
    Files.writeString(file, text);
    return Plan.read(file);
  }
}
