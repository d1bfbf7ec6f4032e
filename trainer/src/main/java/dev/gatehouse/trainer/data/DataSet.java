package dev.gatehouse.trainer.data;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.file.Sha256;
import dev.gatehouse.proto.network.InputSpec;
import dev.gatehouse.proto.run.Run;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows to train on, to choose by, and to report on.
 *
 * @param name as {@code --dataset} takes it
 * @param licence licence of the data, in words
 * @param input what a row is and how it is normalised
 * @param classes [classes] names, in the order of the labels
 * @param families [classes] index of the family that each class belongs to; empty where the data
 *     have none
 * @param train rows to fit
 * @param validation rows held out of training, to choose models by
 * @param test rows to report on, never to choose by
 */
public record DataSet(
    String name,
    String licence,
    InputSpec input,
    List<String> classes,
    List<Integer> families,
    LabelledRows train,
    LabelledRows validation,
    LabelledRows test) {
  /** Checks that rows fit the input and labels fit the classes. */
  public DataSet {
    classes = List.copyOf(classes);
    families = List.copyOf(families);
    if (!families.isEmpty() && families.size() != classes.size()) {
      throw new BadInput(
          name + ": families must be none or one a class; families=" + families.size());
    }
    for (LabelledRows split : List.of(train, validation, test)) {
      List<Integer> shape = split.rows().shape();
      if (!shape.subList(1, shape.size()).equals(input.shape().dims())) {
        throw new BadInput(
            name + ": rows must have shape " + input.shape().dims() + "; rows=" + shape);
      }
      for (int label : split.labels()) {
        if (label < 0 || label >= classes.size()) {
          throw new BadInput(
              name
                  + ": labels must be in [0, classes); label="
                  + label
                  + ", classes="
                  + classes.size());
        }
      }
    }
  }

  /**
   * Names the data by content.
   *
   * @return sha256, hexadecimal, over train, validation and test in turn, of each the raw rows and
   *     then the labels as 32-bit little-endian integers
   */
  public String fingerprint() {
    List<ByteBuffer> parts = new ArrayList<>();
    for (LabelledRows split : List.of(train, validation, test)) {
      ByteBuffer labels =
          ByteBuffer.allocate(split.size() * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      labels.asIntBuffer().put(split.labels());
      parts.add(split.rows().data());
      parts.add(labels);
    }
    return Sha256.of(parts);
  }

  /** What a run folder says of the data. */
  public Run.Dataset describe() {
    return new Run.Dataset(
        name, licence, train.size(), validation.size(), test.size(), fingerprint());
  }
}
