package dev.gatehouse.trainer.data.strokes;

import dev.gatehouse.proto.BadInput;

/**
 * How much drawings of one class differ. Lengths of the sheet are in hundredths of its side,
 * lengths of the canvas in pixels of its 28; "up to" means uniform between both signs.
 *
 * @param digitSize side of a digit's sheet, pixels
 * @param garmentSize side of a garment's sheet, pixels; larger garments make the families easier to
 *     tell apart
 * @param jitter shift of each point of a figure up to this, hundredths of the sheet, in both
 *     directions
 * @param bend the sheet waves up to this, hundredths of the sheet
 * @param slant shear up to this, sideways over upwards
 * @param rotation turn up to this, radians
 * @param smallest least scale; drawn between it and 1
 * @param aspect width over height deviates from 1 by a factor of up to 1 + this, either way
 * @param shift moves away from the middle up to this, pixels, in both directions
 * @param thinnest least width of the pen, pixels
 * @param thickest largest width of the pen, pixels
 * @param faintest least brightness of the ink; drawn between it and 1
 * @param palest least brightness of a filled inside, as a share of the ink's
 * @param fullest largest brightness of a filled inside, as a share of the ink's
 * @param blur share of each pixel that is spread over its neighbours, up to this, 0 to 1
 * @param noise each pixel's brightness deviates up to this, 0 to 1
 * @param occlusion probability that a patch of the drawing is wiped out
 * @param patch largest side of the patch, pixels
 */
public record StrokesDifficulty(
    double digitSize,
    double garmentSize,
    double jitter,
    double bend,
    double slant,
    double rotation,
    double smallest,
    double aspect,
    double shift,
    double thinnest,
    double thickest,
    double faintest,
    double palest,
    double fullest,
    double blur,
    double noise,
    double occlusion,
    double patch) {
  /** The difficulty of the data set {@code strokes}. */
  public static final StrokesDifficulty STANDARD =
      new StrokesDifficulty(
          20, 24, 3.5, 3, 0.22, 0.16, 0.8, 0.12, 1.5, 1.5, 2.8, 0.65, 0.1, 0.6, 0.5, 0.08, 0.2, 4);

  /** Checks each number against its range. */
  public StrokesDifficulty {
    within("digitSize", digitSize, 1, Hand.SIDE);
    within("garmentSize", garmentSize, 1, Hand.SIDE);
    within("jitter", jitter, 0, 50);
    within("bend", bend, 0, 50);
    within("slant", slant, 0, 1);
    within("rotation", rotation, 0, Math.PI);
    within("smallest", smallest, 0.1, 1);
    within("aspect", aspect, 0, 1);
    within("shift", shift, 0, Hand.SIDE / 2.0);
    within("thinnest", thinnest, 0, thickest);
    within("thickest", thickest, thinnest, Hand.SIDE);
    within("faintest", faintest, 0, 1);
    within("palest", palest, 0, fullest);
    within("fullest", fullest, palest, 1);
    within("blur", blur, 0, 1);
    within("noise", noise, 0, 1);
    within("occlusion", occlusion, 0, 1);
    within("patch", patch, 1, Hand.SIDE);
  }

  private static void within(String name, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new BadInput(name + " must be in [" + least + ", " + most + "]; " + name + "=" + value);
    }
  }
}
