package dev.gatehouse.trainer.data;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.network.InputSpec;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * A user's rows before they are split.
 *
 * @param name what reports call the data
 * @param where names the data in messages
 * @param classes [classes] names, in the order of the labels
 * @param rows all rows
 * @param splits what each row is for
 */
record OwnData(
    String name, String where, List<String> classes, LabelledRows rows, List<Split> splits) {
  private static final String LICENCE = "the user's own data, no licence stated";

  /**
   * Splits the rows.
   *
   * @param input what a row is and how it is normalised, from the training rows
   * @throws BadInput when there is one class only, a class has no row to train on, or a split has
   *     none at all
   */
  DataSet split(Function<LabelledRows, InputSpec> input) {
    if (classes.size() < 2) {
      throw new BadInput(
          "%s: holds %d class; a classifier needs two or more".formatted(where, classes.size()));
    }
    LabelledRows train = of(Split.TRAIN);
    requireEveryClass(train);
    return new DataSet(
        name,
        LICENCE,
        input.apply(train),
        classes,
        List.of(),
        train,
        of(Split.VALIDATION),
        of(Split.TEST));
  }

  private LabelledRows of(Split split) {
    int[] indices = IntStream.range(0, rows.size()).filter(i -> splits.get(i) == split).toArray();
    if (indices.length == 0) {
      throw new BadInput(
          "%s: none of the %d rows falls to the %s rows; give more rows, or another --split-seed"
              .formatted(where, rows.size(), split.name().toLowerCase(Locale.ROOT)));
    }
    return rows.take(indices);
  }

  private void requireEveryClass(LabelledRows train) {
    boolean[] there = new boolean[classes.size()];
    for (int label : train.labels()) {
      there[label] = true;
    }
    for (int c = 0; c < there.length; c++) {
      if (!there[c]) {
        throw new BadInput(
            "%s: no row of class '%s' falls to the training rows; give more rows of it, or another"
                    .formatted(where, classes.get(c))
                + " --split-seed");
      }
    }
  }
}
