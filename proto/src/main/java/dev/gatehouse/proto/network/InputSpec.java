package dev.gatehouse.proto.network;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.gatehouse.proto.BadInput;
import java.util.List;

/**
 * What a client sends for one row, and how the graph makes it fit the network.
 *
 * @param name name of the input in every graph and request
 * @param datatype the natural type of the data, {@code UINT8} or {@code FP32}; every input may be
 *     sent as FP32 as well, with the same values
 * @param shape shape of a row, images as {@code [channels, height, width]}
 * @param min least value that is accepted
 * @param max largest value that is accepted
 * @param normalisation how raw values become the network's input
 */
public record InputSpec(
    String name,
    Datatype datatype,
    Shape shape,
    double min,
    double max,
    Preprocessing normalisation) {
  /** Element types of an input, named as the Open Inference Protocol does. */
  public enum Datatype {
    /** Unsigned bytes. */
    UINT8,
    /** 32-bit floats. */
    FP32
  }

  /** How raw values become the network's input. In JSON the keys tell which it is. */
  @JsonTypeInfo(use = JsonTypeInfo.Id.DEDUCTION)
  @JsonSubTypes({@JsonSubTypes.Type(Normalisation.class), @JsonSubTypes.Type(Columns.class)})
  public sealed interface Preprocessing {}

  /**
   * x = (raw / scale - mean[channel]) / std[channel].
   *
   * @param scale divides the raw value, 255 for bytes
   * @param mean one a channel
   * @param std one a channel, above 0
   */
  public record Normalisation(double scale, List<Double> mean, List<Double> std)
      implements Preprocessing {
    /** Checks the numbers. */
    public Normalisation {
      mean = List.copyOf(mean);
      std = List.copyOf(std);
      if (!(scale > 0) || mean.size() != std.size() || std.stream().anyMatch(s -> !(s > 0))) {
        throw new BadInput(
            "normalisation needs scale > 0 and as many means as standard deviations, these above 0;"
                + " scale="
                + scale
                + ", mean="
                + mean
                + ", std="
                + std);
      }
    }
  }

  /**
   * A table's row, its columns expanded one after the other: a number standardised, a category as a
   * 1 among 0s.
   *
   * @param columns one an element of the row
   */
  public record Columns(List<Column> columns) implements Preprocessing {
    /** Copies the list. */
    public Columns {
      columns = List.copyOf(columns);
    }

    /** Elements that the network sees. */
    public int width() {
      return columns.stream().mapToInt(Column::width).reduce(0, Math::addExact);
    }

    /** The columns' arithmetic as one step for all elements that the network sees. */
    public Expansion expansion() {
      Expansion all = Expansion.ofWidth(width());
      int at = 0;
      for (int c = 0; c < columns.size(); c++) {
        for (int value = 0; value < columns.get(c).width(); value++, at++) {
          all.source()[at] = c;
          if (columns.get(c) instanceof Column.Numeric number) {
            all.mean()[at] = (float) number.mean();
            all.factor()[at] = (float) (1 / number.std());
            all.hit()[at] = Float.NaN;
          } else {
            all.hit()[at] = value;
          }
        }
      }
      return all;
    }
  }

  /**
   * For element i of the network's input: x[i] = (r - mean[i]) factor[i] + (r == hit[i] ? 1 : 0)
   * with r = raw[source[i]]. A number's element is hit by nothing, NaN being equal to no number; a
   * category's element has the factor 0.
   *
   * @param source [width] index of the column that the element comes from
   * @param mean [width]
   * @param factor [width] 1 / std of a number, 0 of a category
   * @param hit [width] index of the category's value that the element stands for, or NaN
   */
  public record Expansion(int[] source, float[] mean, float[] factor, float[] hit) {
    private static Expansion ofWidth(int width) {
      return new Expansion(new int[width], new float[width], new float[width], new float[width]);
    }
  }

  /** Checks that the parts fit together. */
  public InputSpec {
    if (!(min < max)) {
      throw new BadInput("an input's min is below its max; min=" + min + ", max=" + max);
    }
    if (normalisation instanceof Columns table) {
      if (!shape.equals(Shape.of(table.columns().size()))) {
        throw new BadInput(
            "a row of columns has one element a column; columns="
                + table.columns().size()
                + ", shape="
                + shape);
      }
    } else if (normalisation instanceof Normalisation perChannel
        && perChannel.mean().size() != shape.dims().get(0)) {
      throw new BadInput(
          "normalisation needs one mean a channel; channels="
              + shape.dims().get(0)
              + ", mean="
              + perChannel.mean());
    }
  }

  /**
   * Shape of a row as the network sees it; wider than {@link #shape} where there are categories.
   */
  public Shape networkShape() {
    return normalisation instanceof Columns table ? Shape.of(table.width()) : shape;
  }

  /** The columns of a table's row; empty for any other row. */
  public List<Column> columns() {
    return normalisation instanceof Columns table ? table.columns() : List.of();
  }

  /** Elements of a row that share a mean: height times width of an image, 1 of a feature vector. */
  public int elementsPerChannel() {
    return shape.elements() / shape.dims().get(0);
  }
}
