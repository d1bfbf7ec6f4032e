package dev.gatehouse.proto.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.file.Json;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class OwnClassTest {
  private static boolean started;

  record Part(String name, double weight) {}

  record Own(int width, float sharpness, long seed, List<Part> partsOfIt)
      implements Supplier<String> {
    @Override
    public String get() {
      return "own";
    }
  }

  record Other(int width) {}

  record Table(float[] values) {}

  /** What would run if a run folder could name any class. */
  record Trap() {
    static {
      started = true;
    }
  }

  private static final Own OWN = new Own(3, 0.1f, 1L << 40, List.of(new Part("a", 0.25)));

  @Test
  void shouldMakeTheRecordAgainFromWhatIsWrittenOfIt() {
    String json = Json.text(OwnClass.of(OWN));

    OwnClass read = Json.parse(json, OwnClass.class, "here");

    assertThat(read).isEqualTo(OwnClass.of(OWN));
    assertThat(read.instance(Supplier.class)).isEqualTo(OWN);
    assertThat(json).contains("OwnClassTest$Own", "\"parts_of_it\"");
  }

  @Test
  void shouldTellExpertsOfTheUsersOwnFromNetworks() {
    ExpertSpec own =
        new ExpertSpec.Own(
            OwnClass.of(OWN), 3, List.of(new ParameterSpec("weight", List.of(2, 3), 3)));
    ExpertSpec network = new Network(List.of(new Layer.Linear(4)), Network.Tap.AFTER_RELU);

    assertThat(Json.parse(Json.text(own), ExpertSpec.class, "here")).isEqualTo(own);
    assertThat(Json.parse(Json.text(network), ExpertSpec.class, "here")).isEqualTo(network);
    assertThat(own.parameters("experts.1", Shape.of(3), 2))
        .extracting(ParameterSpec::name)
        .containsExactly("experts.1.weight");
  }

  @Test
  void shouldRefuseWhatIsNoRecord() {
    Supplier<String> lambda = () -> "no record";

    assertThatThrownBy(() -> OwnClass.of(lambda))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("must be a record");
  }

  @Test
  void shouldRefuseComponentsThatAreNotEqualWhenTheyAreReadAgain() {
    assertThatThrownBy(() -> OwnClass.of(new Table(new float[] {1})))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("equal again after they were written; components={values=[1.0]}");
  }

  @Test
  void shouldRunNothingOfAClassThatIsNotWhatItMustBe() {
    OwnClass trap = new OwnClass(Trap.class.getName(), Map.of());

    assertThatThrownBy(() -> trap.instance(Supplier.class))
        .isInstanceOf(BadInput.class)
        .hasMessage(
            Trap.class.getName()
                + ": must be a record that implements "
                + Supplier.class.getName());
    assertThat(started).isFalse();
  }

  @Test
  void shouldNameTheComponentThatTheClassDoesNotHave() {
    OwnClass known = OwnClass.of(new Other(3));

    assertThatThrownBy(
            () -> new OwnClass(known.type(), Map.of("width", 3, "depth", 2)).instance(Record.class))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("depth");
  }
}
