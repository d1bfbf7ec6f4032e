package dev.gatehouse.trainer.data;

import dev.gatehouse.proto.network.InputSpec.Normalisation;
import dev.gatehouse.trainer.data.strokes.Figure;
import dev.gatehouse.trainer.data.strokes.Figures;
import dev.gatehouse.trainer.data.strokes.Hand;
import dev.gatehouse.trainer.data.strokes.StrokesDifficulty;
import java.util.List;

/**
 * The embedded data set: 28 x 28 grey images of 20 classes in two families, ten digits and ten
 * garments, drawn when asked for. Row r of the whole shows class r modulo 20, so every 20 rows in a
 * row hold each class once.
 */
public final class Strokes {
  static final String NAME = "strokes";
  static final long SEED = 2302_14703L;
  static final int TRAIN = 18_000;
  static final int VALIDATION = 2_000;
  static final int TEST = 4_000;

  private static final String LICENCE = "Apache-2.0 (drawn by Gatehouse; no data of others)";
  private static final int PIXELS = Hand.SIDE * Hand.SIDE;

  private Strokes() {}

  /**
   * Draws the data set.
   *
   * @param difficulty how much drawings of a class differ
   * @param seed chooses the drawings
   */
  public static DataSet draw(StrokesDifficulty difficulty, long seed) {
    List<Figure> figures = Figures.embedded();
    List<String> families = figures.stream().map(Figure::family).distinct().toList();
    LabelledRows all = rows(figures, new Hand(difficulty, seed), TRAIN + VALIDATION + TEST);
    LabelledRows train = all.slice(0, TRAIN);
    Normalisation moments = Moments.rounded(Moments.of(train.rows()));
    return new DataSet(
        NAME,
        LICENCE,
        IdxSource.greyImage(moments.mean().get(0), moments.std().get(0)),
        figures.stream().map(Figure::name).toList(),
        figures.stream().map(figure -> families.indexOf(figure.family())).toList(),
        train,
        all.slice(TRAIN, TRAIN + VALIDATION),
        all.slice(TRAIN + VALIDATION, all.size()));
  }

  private static LabelledRows rows(List<Figure> figures, Hand hand, int count) {
    byte[] pixels = new byte[count * PIXELS];
    int[] labels = new int[count];
    for (int row = 0; row < count; row++) {
      labels[row] = row % figures.size();
      byte[] drawing = hand.draw(figures.get(labels[row]), row);
      System.arraycopy(drawing, 0, pixels, row * PIXELS, PIXELS);
    }
    return IdxSource.greyImages(pixels, labels);
  }
}
