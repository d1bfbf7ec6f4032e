package dev.gatehouse.engine.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.engine.testing.Bundles;
import dev.gatehouse.proto.bundle.Bundle;
import org.junit.jupiter.api.Test;

/** Memory that batches lend. */
class LanesTest {
  private final Lanes lanes = new Lanes(Bundle.open(Bundles.of("tiny-top1")).manifest());

  @Test
  void shouldLendAgainWhatWasGivenBack() {
    try (lanes) {
      Lane lane = lanes.lend();
      lanes.giveBack(lane);

      assertThat(lanes.lend()).isSameAs(lane);
    }
  }

  /** Rows of few values whose answers are many. */
  @Test
  void shouldNotKeepALaneWhoseAnswersAreLarge() {
    try (lanes) {
      Lane lane = lanes.lend();
      lane.gate().reserve(1 << 21);
      lanes.giveBack(lane);

      assertThat(lanes.lend()).isNotSameAs(lane);
    }
  }

  /** The batch of the last call of a model gives its lane back after that call has ended. */
  @Test
  void shouldKeepNothingThatIsGivenBackAfterItsClose() {
    Lane lane = lanes.lend();
    lanes.close();
    lanes.giveBack(lane);

    assertThat(lanes.lend()).isNotSameAs(lane);
  }
}
