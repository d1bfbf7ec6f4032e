package dev.gatehouse.engine.pipeline;

import dev.gatehouse.engine.runtime.PinnedRows;
import dev.gatehouse.engine.tensor.RowSource;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.network.Column;
import dev.gatehouse.proto.network.InputSpec;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;

/**
 * Refuses rows that the model was not made for.
 *
 * @param input what a row is
 * @param bytes whether the graph takes whole numbers from 0 to 255 alone
 */
record InputCheck(InputSpec input, boolean bytes) {
  private static final long SIGNS = 0x8000000080000000L;
  private static final long ALL = -1;

  /**
   * Checks how long and how many the rows are.
   *
   * @throws BadInput when their length is another than the model's, or no buffer holds so many
   */
  void checkSize(RowSource rows) {
    int wanted = input.shape().elements();
    if (rows.count() > 0 && rows.rowLength() != wanted) {
      throw new BadInput(
          "a row of %s has shape %s, that is %d values; got %d"
              .formatted(input.name(), input.shape(), wanted, rows.rowLength()));
    }
    int most = Integer.MAX_VALUE / Float.BYTES / wanted;
    if (rows.count() > most) {
      throw new BadInput(
          "%s of %d values a row: %d rows are more than the %d that fit a call"
              .formatted(input.name(), wanted, rows.count(), most));
    }
  }

  /**
   * Checks every value that {@code rows} wrote into {@code in} from row {@code at}.
   *
   * @throws BadInput when a value is no number, out of range, or no byte where the graph takes
   *     bytes, or that of a category names none of its values
   */
  void checkValues(RowSource rows, PinnedRows in, int at) {
    int length = in.rowLength();
    int from = at * length;
    int to = from + rows.count() * length;
    // Callers count from the first row that they sent.
    int first = rows instanceof PartRows part ? part.from() : 0;
    if (!(rows.isUint8() && input.min() <= 0 && input.max() >= 0xff) && !areWithin(in, from, to)) {
      requireWithin(in.values().slice(from, to - from), length, first);
    }
    if (bytes && !rows.isUint8()) {
      requireBytes(in.values().slice(from, to - from), length, first);
    }
    for (int c = 0; c < input.columns().size(); c++) {
      if (input.columns().get(c) instanceof Column.Category category) {
        checkIndices(in.values().slice(from, to - from), category, c, first);
      }
    }
  }

  /** True only where all values are in range; false wherever that takes a closer look. */
  private boolean areWithin(PinnedRows in, int from, int to) {
    if (input.min() == 0) {
      return areWithinBits(in, from, to, ALL);
    }
    return input.min() == -input.max()
        ? areWithinBits(in, from, to, ~SIGNS)
        : areWithin(in.values(), from, to);
  }

  @SuppressWarnings("ShortCircuitBoolean") // no branches, on purpose
  private boolean areWithin(FloatBuffer values, int from, int to) {
    float min = (float) input.min();
    float max = (float) input.max();
    // Without a way out of the loop four values are compared at a time; a NaN is never within.
    boolean within = true;
    for (int i = from; i < to; i++) {
      float value = values.get(i);
      within &= value >= min & value <= max;
    }
    return within;
  }

  /**
   * The same of a range that begins at 0, or lies around it evenly, in a third of the time: two
   * values a step. As integers, the bits of floats from 0 up have the floats' order, those of
   * negative ones and of half of the NaNs have a sign, and those of the other NaNs are above all
   * numbers.
   *
   * @param kept the bits that are looked at: all, or those of the magnitudes
   */
  private boolean areWithinBits(PinnedRows in, int from, int to, long kept) {
    LongBuffer pairs = in.pairs();
    FloatBuffer values = in.values();
    long most = Float.floatToRawIntBits((float) input.max());
    most |= most << Integer.SIZE;
    int first = (from + 1) / 2;
    int last = to / 2;
    long seen = 0;
    for (int i = first; i < last; i++) {
      long two = pairs.get(i) & kept;
      // A borrow from the upper value comes from a lower one that has set its own sign.
      seen |= two | (most - two);
    }
    return (seen & SIGNS) == 0
        && (from == 2 * first || isWithin(values.get(from)))
        && (to == 2 * last || isWithin(values.get(to - 1)));
  }

  private boolean isWithin(float value) {
    return value >= (float) input.min() && value <= (float) input.max();
  }

  private void requireWithin(FloatBuffer values, int length, int first) {
    for (int i = 0; i < values.limit(); i++) {
      float value = values.get(i);
      if (!isWithin(value)) {
        throw new BadInput(
            "%s must be in [%s, %s]; row %d holds %s at %d"
                .formatted(
                    input.name(),
                    (float) input.min(),
                    (float) input.max(),
                    first + i / length,
                    value,
                    i % length));
      }
    }
  }

  private void requireBytes(FloatBuffer values, int length, int first) {
    for (int i = 0; i < values.limit(); i++) {
      float value = values.get(i);
      if (!(value >= 0 && value <= 0xff && value == (int) value)) {
        throw new BadInput(
            "%s takes bytes, whole numbers from 0 to 255; row %d holds %s at %d"
                .formatted(input.name(), first + i / length, value, i % length));
      }
    }
  }

  private void checkIndices(FloatBuffer values, Column.Category category, int at, int first) {
    int columns = input.columns().size();
    int count = category.values().size();
    for (int i = values.position() + at; i < values.limit(); i += columns) {
      float value = values.get(i);
      if (!(value >= 0 && value < count && value == (int) value)) {
        throw new BadInput(
            "%s: column '%s' takes the index of one of its %d values, a whole number in [0, %d);"
                    .formatted(input.name(), category.name(), count, count)
                + " row %d holds %s".formatted(first + (i - values.position()) / columns, value));
      }
    }
  }
}
