package dev.gatehouse.engine.pipeline;

import dev.gatehouse.engine.tensor.RowSource;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.network.Column;
import dev.gatehouse.proto.network.InputSpec;
import java.nio.FloatBuffer;

/** Refuses rows that the model was not made for. */
record InputCheck(InputSpec input) {
  /**
   * Checks the length of the rows.
   *
   * @throws BadInput when it is another than the model's
   */
  void checkLength(RowSource rows) {
    int wanted = input.shape().elements();
    if (rows.count() > 0 && rows.rowLength() != wanted) {
      throw new BadInput(
          "a row of %s has shape %s, that is %d values; got %d"
              .formatted(input.name(), input.shape(), wanted, rows.rowLength()));
    }
  }

  /**
   * Checks every value that {@code rows} wrote into {@code values} from index {@code at}.
   *
   * @throws BadInput when a value is no number or out of range, or that of a category names none of
   *     its values
   */
  void checkValues(RowSource rows, FloatBuffer values, int at) {
    int length = input.shape().elements();
    FloatBuffer written = values.slice(at, rows.count() * length);
    if (!(rows.isUint8() && input.min() <= 0 && input.max() >= 0xff)) {
      checkRange(written, length);
    }
    for (int c = 0; c < input.columns().size(); c++) {
      if (input.columns().get(c) instanceof Column.Category category) {
        checkIndices(written, category, c);
      }
    }
  }

  @SuppressWarnings("ShortCircuitBoolean") // no branches, on purpose
  private void checkRange(FloatBuffer values, int wanted) {
    float min = (float) input.min();
    float max = (float) input.max();
    int from = values.position();
    int to = values.limit();
    // Without a way out of the loop four values are compared at a time; a NaN is never within.
    boolean within = true;
    for (int i = from; i < to; i++) {
      float value = values.get(i);
      within &= value >= min & value <= max;
    }
    if (!within) {
      throw outOfRange(values, wanted, min, max);
    }
  }

  private BadInput outOfRange(FloatBuffer values, int wanted, float min, float max) {
    int at = values.position();
    while (values.get(at) >= min && values.get(at) <= max) {
      at++;
    }
    int element = at - values.position();
    return new BadInput(
        "%s must be in [%s, %s]; row %d holds %s at %d"
            .formatted(input.name(), min, max, element / wanted, values.get(at), element % wanted));
  }

  private void checkIndices(FloatBuffer values, Column.Category category, int at) {
    int columns = input.columns().size();
    int count = category.values().size();
    for (int i = values.position() + at; i < values.limit(); i += columns) {
      float value = values.get(i);
      if (!(value >= 0 && value < count && value == (int) value)) {
        throw new BadInput(
            "%s: column '%s' takes the index of one of its %d values, a whole number in [0, %d);"
                    .formatted(input.name(), category.name(), count, count)
                + " row %d holds %s".formatted((i - values.position()) / columns, value));
      }
    }
  }
}
