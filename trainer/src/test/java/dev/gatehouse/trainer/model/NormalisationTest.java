package dev.gatehouse.trainer.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.gatehouse.proto.network.Column;
import dev.gatehouse.proto.network.InputSpec;
import dev.gatehouse.proto.network.InputSpec.Columns;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class NormalisationTest {
  @Test
  void shouldStandardiseNumbersAndPutA1WhereACategoryIs() {
    InputSpec table =
        new InputSpec(
            "features",
            InputSpec.Datatype.FP32,
            dev.gatehouse.proto.network.Shape.of(4),
            -Float.MAX_VALUE,
            Float.MAX_VALUE,
            new Columns(
                List.of(
                    new Column.Category("colour", List.of("blue", "green", "red")),
                    new Column.Numeric("age", 40, 8),
                    new Column.Category("always", List.of("yes")),
                    new Column.Numeric("year", 2e6, 0.5))));
    try (NDManager manager = NDManager.newBaseManager()) {
      float[] raw = {2, 42, 0, 2e6f + 1, 0, 0, 0, 2e6f};

      float[] x =
          new Normalisation(table).apply(manager.create(raw, new Shape(2, 4))).toFloatArray();

      // A mean far from 0 costs no precision: 2e6 / 0.5 alone would be rounded to quarters.
      assertThat(x)
          .containsExactly(
              new float[] {0, 0, 1, 0.25f, 1, 2, 1, 0, 0, -5, 1, 0}, Offset.offset(1e-6f));
    }
  }
}
