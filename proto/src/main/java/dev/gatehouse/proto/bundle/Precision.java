package dev.gatehouse.proto.bundle;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.OptBoolean;
import dev.gatehouse.proto.BadInput;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How a bundle's graphs store their weights and what they compute with, and what it costs.
 *
 * @param weights the form
 * @param activations null where the graphs compute with float32 throughout
 * @param measured what rounding changes; null for float32, which is what was trained
 */
public record Precision(
    Weights weights,
    @JsonInclude(JsonInclude.Include.NON_NULL) @JsonProperty(isRequired = OptBoolean.FALSE)
        @Nullable Activations activations,
    @Nullable Measured measured) {
  /** The weights as they were trained. */
  public static final Precision EXACT = new Precision(Weights.FLOAT32, null, null);

  /** Checks that rounded weights were measured, and only they. */
  public Precision {
    if ((measured == null) != (weights == Weights.FLOAT32)) {
      throw new BadInput(
          "rounded weights are measured, float32 ones are not; weights=%s, measured=%s"
              .formatted(weights, measured));
    }
    if (activations != null && weights != Weights.INT8) {
      throw new BadInput(
          "integers are multiplied with int8 weights alone; weights=%s, activations=%s"
              .formatted(weights, activations));
    }
  }

  /** Forms of weights. */
  public enum Weights {
    /** IEEE 754 binary32. */
    FLOAT32(4),
    /** IEEE 754 binary16. */
    FLOAT16(2),
    /** 8-bit integers with one scale an output. */
    INT8(1);

    private final int bytes;

    Weights(int bytes) {
      this.bytes = bytes;
    }

    /** Bytes of a weight in a file. */
    public int bytes() {
      return bytes;
    }
  }

  /** Rows of a run. */
  public enum On {
    /** Rows that the model was fitted to. */
    TRAINING,
    /** The data set's test rows. */
    TEST,
    /** The self-test's rows, where the data were not at hand. */
    SELF_TEST;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * The larger layers multiply 8-bit integers: what flows into them is rounded to one of 256 levels
   * of a range.
   *
   * @param on rows that the ranges were seen on: TRAINING or SELF_TEST
   * @param rows number of rows
   * @param growth bytes that an expert's weights take in memory for each that they have in a file,
   *     1 to 4: what computes with float32 is made of floats when it is loaded
   */
  public record Activations(On on, long rows, double growth) {
    /** Checks that the numbers can be. */
    public Activations {
      if (on == On.TEST || rows < 1 || !(growth >= 1 && growth <= Float.BYTES)) {
        throw new BadInput(
            "ranges are seen on training or self_test rows, 1 or more, and growth is in [1, 4];"
                + " on=%s, rows=%d, growth=%s".formatted(on, rows, growth));
      }
    }
  }

  /** What the form is called: {@code float32}, {@code float16}, {@code int8} or {@code w8a8}. */
  public String form() {
    return activations == null ? weights.name().toLowerCase(Locale.ROOT) : "w8a8";
  }

  /** Bytes that an expert's weights take in memory for each that they have in a file. */
  public double growth() {
    // What computes with float32 is made of floats when it is loaded.
    return activations == null ? (double) Float.BYTES / weights.bytes() : activations.growth();
  }

  /**
   * The model with float32 weights and the one that was exported, on the same labelled rows.
   *
   * @param on which rows: TEST or SELF_TEST
   * @param rows number of rows
   * @param float32Error share of rows that the model with float32 weights gets wrong
   * @param error share of rows that the exported model gets wrong
   * @param changed share of rows to which they give another class
   * @param largestDifference largest absolute difference of a class probability
   */
  public record Measured(
      On on,
      long rows,
      double float32Error,
      double error,
      double changed,
      double largestDifference) {
    /** Checks that nobody measured on what was fitted. */
    public Measured {
      if (on == On.TRAINING) {
        throw new BadInput("rounding is measured on test or self_test rows; on=" + on);
      }
    }
  }
}
