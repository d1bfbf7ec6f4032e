package dev.gatehouse.trainer.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.file.Json;
import dev.gatehouse.trainer.config.DataRef.ColumnKind;
import dev.gatehouse.trainer.config.DataRef.ImageSize;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DataRefTest {
  private static final List<DataRef> ALL =
      List.of(
          new DataRef.Named("mnist", Path.of("data/mnist")),
          new DataRef.Named("strokes", null),
          new DataRef.Images(Path.of("shapes with blanks"), new ImageSize(28, 32), 3, 7),
          new DataRef.Images(Path.of("shapes"), null, null, 1),
          new DataRef.Table(
              Path.of("t.csv"),
              "kind",
              Map.of("zip", ColumnKind.CATEGORY, "id", ColumnKind.IGNORE),
              2),
          new DataRef.Arrays(Path.of("x.npy"), Path.of("y.npy"), 3),
          new DataRef.Arrays(Path.of("all.npz"), null, 3));

  @Test
  void shouldReadBackEveryReferenceItWrote() {
    for (DataRef ref : ALL) {
      assertThat(Json.parse(Json.text(ref), DataRef.class, "data")).isEqualTo(ref);
    }
  }

  @Test
  void shouldTellByItsFormWhatAPathNames() {
    Reading nothing = Reading.AS_THEY_ARE;
    assertThat(DataRef.of("mnist", "data", nothing))
        .isEqualTo(new DataRef.Named("mnist", Path.of("data")));
    assertThat(DataRef.of("./mnist", null, nothing))
        .isEqualTo(new DataRef.Images(Path.of("mnist"), null, null, 1));
    assertThat(DataRef.of("a/B.CSV", null, nothing))
        .isEqualTo(new DataRef.Table(Path.of("a/B.CSV"), null, Map.of(), 1));
    assertThat(DataRef.of("all.npz", null, nothing))
        .isEqualTo(new DataRef.Arrays(Path.of("all.npz"), null, 1));
    assertThat(DataRef.of("d/x.npy,d/y.npy", null, nothing))
        .isEqualTo(new DataRef.Arrays(Path.of("d/x.npy"), Path.of("d/y.npy"), 1));
    assertThat(DataRef.of("a/b.csv", "moved", nothing))
        .isEqualTo(new DataRef.Table(Path.of("moved/b.csv"), null, Map.of(), 1));
    assertThatThrownBy(() -> DataRef.of("x.npy", null, nothing))
        .isInstanceOf(BadInput.class)
        .hasMessage("arrays are named ROWS.npy,LABELS.npy or BOTH.npz; dataset=x.npy");
  }

  @Test
  void shouldReadDataAsTheConfigurationSays() {
    Reading table = new Reading("kind", Map.of("id", ColumnKind.IGNORE), null, null, 9);
    Reading images = new Reading(null, Map.of(), new ImageSize(2, 3), 1, 9);

    assertThat(DataRef.of("t.csv", null, table))
        .isEqualTo(new DataRef.Table(Path.of("t.csv"), "kind", Map.of("id", ColumnKind.IGNORE), 9));
    assertThat(DataRef.of("./photos", null, images))
        .isEqualTo(new DataRef.Images(Path.of("photos"), new ImageSize(2, 3), 1, 9));
    for (String other : List.of("mnist", "t.csv", "all.npz")) {
      assertThatThrownBy(() -> DataRef.of(other, null, images))
          .isInstanceOf(BadInput.class)
          .hasMessageStartingWith("image_size and channels are said of folders of images");
    }
    for (String other : List.of("mnist", "./photos", "all.npz")) {
      assertThatThrownBy(() -> DataRef.of(other, null, table))
          .isInstanceOf(BadInput.class)
          .hasMessageStartingWith("label and columns are said of tables");
    }
  }

  @Test
  void shouldTrainATableWithNetworksForTablesUnlessOthersAreNamed() {
    Settings table = Settings.none().with("dataset", "t.csv");

    assertThat(Resolution.train(table).architecture()).isEqualTo("mlp");
    assertThat(Resolution.train(table.with("architecture", "small")).architecture())
        .isEqualTo("small");
    assertThat(Resolution.train(table.with("reading.columns", Map.of("id", "ignore"))).data())
        .isEqualTo(new DataRef.Table(Path.of("t.csv"), null, Map.of("id", ColumnKind.IGNORE), 1));
    assertThatThrownBy(() -> Resolution.train(table.with("reading.labell", "kind")))
        .isInstanceOf(BadInput.class)
        .hasMessage("unknown key reading.labell; did you mean label?");
  }

  @Test
  void shouldCallDataByTheirFolderOrFile() {
    assertThat(ALL.stream().map(DataRef::name))
        .containsExactly("mnist", "strokes", "shapes with blanks", "shapes", "t", "x", "all");
  }

  @Test
  void shouldFollowDataThatWereMoved() {
    assertThat(ALL.get(2).in(Path.of("/else/where")))
        .isEqualTo(new DataRef.Images(Path.of("/else/where"), new ImageSize(28, 32), 3, 7));
    assertThat(ALL.get(5).in(Path.of("/else")))
        .isEqualTo(new DataRef.Arrays(Path.of("/else/x.npy"), Path.of("/else/y.npy"), 3));
    assertThat(((DataRef.Table) ALL.get(4).in(Path.of("/else"))).file())
        .isEqualTo(Path.of("/else/t.csv"));
  }

  @Test
  void shouldRefuseSizesAndChannelsThatCannotBe() {
    for (String wrong : List.of("28", "28x", "x28", "28*28", "-1x5", "28x28x3")) {
      assertThatThrownBy(() -> ImageSize.parse(wrong))
          .isInstanceOf(BadInput.class)
          .hasMessage("a size is HEIGHTxWIDTH, such as 28x28; size=" + wrong);
    }
    assertThatThrownBy(() -> ImageSize.parse("0x5"))
        .isInstanceOf(BadInput.class)
        .hasMessage("an image's height and width are 1 to 4096; size=0x5");
    assertThatThrownBy(() -> new DataRef.Images(Path.of("a"), null, 2, 1))
        .isInstanceOf(BadInput.class)
        .hasMessage("images have 1 channel (grey) or 3 (colours); channels=2");
  }
}
