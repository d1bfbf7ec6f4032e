package dev.gatehouse.trainer.data.strokes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.trainer.data.strokes.Figure.Point;
import java.util.List;
import org.junit.jupiter.api.Test;

/** From figures to pixels. */
class HandTest {
  /** Nothing is left to chance: a pen of 2 pixels on a sheet of 20 in the middle. */
  private static final StrokesDifficulty STILL =
      new StrokesDifficulty(20, 20, 0, 0, 0, 0, 1, 0, 0, 2, 2, 1, 0.5, 0.5, 0, 0, 0, 1);

  @Test
  void shouldDrawARowTheSameWhicheverOthersAreDrawn() {
    Figure figure = Figures.embedded().get(12);
    Hand hand = new Hand(StrokesDifficulty.STANDARD, 5);
    byte[] first = hand.draw(figure, 77);
    byte[] other = hand.draw(figure, 78);

    assertThat(hand.draw(figure, 77)).isEqualTo(first).isNotEqualTo(other);
    assertThat(new Hand(StrokesDifficulty.STANDARD, 6).draw(figure, 77)).isNotEqualTo(first);
  }

  @Test
  void shouldDrawWhatTheFigureSaysWhenNothingIsLeftToChance() {
    Figure figure = Figures.parse("figure digit bar\nstyle only\nline 50,0 50,100").get(0);

    byte[] pixels = new Hand(STILL, 1).draw(figure, 0);

    for (int y = 0; y < 28; y++) {
      for (int x = 0; x < 28; x++) {
        // The bar runs from (14, 4) to (14, 24), its round ends one pixel further.
        boolean far = x < 12 || x > 15 || y < 2 || y > 25;
        boolean within = (x == 13 || x == 14) && y >= 4 && y < 24;
        int grey = pixels[y * 28 + x] & 0xff;
        if (far || within) {
          assertThat(grey).as("x=%d, y=%d", x, y).isEqualTo(within ? 255 : 0);
        }
      }
    }
  }

  @Test
  void shouldPaintTheInsideOfAFilledStroke() {
    Figure figure =
        Figures.parse("figure garment box\nstyle only\nfill 0,0 100,0 100,100 0,100 close").get(0);

    byte[] pixels = new Hand(STILL, 1).draw(figure, 0);

    assertThat(pixels[14 * 28 + 14] & 0xff).isEqualTo(128);
    assertThat(pixels[14 * 28 + 4] & 0xff).isEqualTo(255);
    assertThat(pixels[14 * 28 + 1] & 0xff).isZero();
  }

  @Test
  void shouldCoverPixelsInProportionToTheirShare() {
    Canvas canvas = new Canvas(4);

    canvas.fill(
        List.of(new Point(0.25, 1), new Point(2.5, 1), new Point(2.5, 3), new Point(0.25, 3)), 0.8);

    assertThat(canvas.pixels()[4]).isCloseTo(0.75 * 0.8, within(1e-12));
    assertThat(canvas.pixels()[5]).isCloseTo(0.8, within(1e-12));
    assertThat(canvas.pixels()[6]).isCloseTo(0.5 * 0.8, within(1e-12));
    assertThat(canvas.pixels()[7]).isZero();
    assertThat(canvas.pixels()[1]).isZero();
  }

  @Test
  void shouldPassFourSmoothKnotsNearlyInACircle() {
    Figure figure =
        Figures.parse("figure digit ring\nstyle only\nline ~50,10 ~90,50 ~50,90 ~10,50 close")
            .get(0);
    Figure.Style style = figure.styles().get(0);

    List<Point> course = Curve.course(style.strokes().get(0), style.points());

    assertThat(course.get(course.size() - 1)).isEqualTo(course.get(0));
    for (Point point : course) {
      assertThat(Math.hypot(point.x() - 50, point.y() - 50)).isBetween(38.5, 41.0);
    }
  }

  @Test
  void shouldNameTheLineThatIsNoFigure() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Figures.parse("figure digit 1\nstyle bar\n# a word\ncurve 1,2 3,4"))
        .withMessage("line 4: curve 1,2 3,4");
  }

  @Test
  void shouldKnowTwoOrMoreStylesOfEveryClass() {
    assertThat(Figures.embedded())
        .hasSize(20)
        .allSatisfy(figure -> assertThat(figure.styles()).hasSizeGreaterThanOrEqualTo(2));
  }

  @Test
  void shouldRefuseADifficultyOutOfRange() {
    assertThatExceptionOfType(BadInput.class)
        .isThrownBy(
            () ->
                new StrokesDifficulty(20, 20, 0, 0, 0, 0, 1, 0, 0, 2, 2, 1, 0.5, 0.5, 0, 1.5, 0, 1))
        .withMessage("noise must be in [0.0, 1.0]; noise=1.5");
  }

  @Test
  void shouldFollowThePublishedSplitMixSequence() {
    SplitMix random = new SplitMix(1234567);

    assertThat(random.next()).isEqualTo(6457827717110365317L);
    assertThat(random.next()).isEqualTo(3203168211198807973L);
    assertThat(random.next()).isEqualTo(Long.parseUnsignedLong("9817491932198370423"));
  }
}
