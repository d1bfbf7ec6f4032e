package dev.gatehouse.engine.pipeline;

import dev.gatehouse.engine.tensor.Rows;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.network.InputSpec;
import java.nio.FloatBuffer;

/** Refuses rows that the model was not made for. */
record InputCheck(InputSpec input) {
  /**
   * Checks the length of the rows and every value.
   *
   * @throws BadInput when rows are of another length, or a value is no number or out of range
   */
  void check(Rows rows) {
    int wanted = input.shape().elements();
    if (rows.count() > 0 && rows.rowLength() != wanted) {
      throw new BadInput(
          "a row of %s has shape %s, that is %d values; got %d"
              .formatted(input.name(), input.shape(), wanted, rows.rowLength()));
    }
    FloatBuffer values = rows.values();
    float min = (float) input.min();
    float max = (float) input.max();
    for (int i = values.position(); i < values.limit(); i++) {
      float value = values.get(i);
      // The negation also catches NaN.
      if (!(value >= min && value <= max)) {
        throw new BadInput(
            "%s must be in [%s, %s]; row %d holds %s at %d"
                .formatted(
                    input.name(),
                    min,
                    max,
                    (i - values.position()) / wanted,
                    value,
                    (i - values.position()) % wanted));
      }
    }
  }
}
