package dev.gatehouse.exporter.imports;

import dev.gatehouse.exporter.onnx.OnnxGraph;
import dev.gatehouse.exporter.parity.ProbabilityRows;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.bundle.Manifest;
import dev.gatehouse.proto.network.InputSpec;
import java.util.Locale;

/**
 * What a file, as it was handed in, says of some rows.
 *
 * @param of the file
 * @param output name of the output that was taken
 * @param width its width
 * @param kind what it is
 * @param found how that was found out, in words
 * @param probabilities {@code [rows, width]}, the softmax of logits
 */
record Answers(
    Original of, String output, int width, Kind kind, String found, double[] probabilities) {
  /**
   * Runs a file over rows.
   *
   * @param said what somebody says of the output
   * @param option names the option that says it, in messages
   * @param input what the rows are
   * @throws BadInput when it cannot be run, gives numbers that are not finite, or gives no
   *     probabilities where it is to
   */
  static Answers of(
      Original file,
      String output,
      int width,
      Taken said,
      String option,
      ImportedRows rows,
      InputSpec input) {
    float[] raw = file.run(rows, input, output, width);
    for (int i = 0; i < raw.length; i++) {
      if (!Float.isFinite(raw[i])) {
        throw new BadInput(
            "%s: '%s' is %s for row %d of the self-test"
                .formatted(file.file(), output, raw[i], i / width));
      }
    }
    int none = ProbabilityRows.firstWithout(raw, width);
    OnnxGraph.Ending ending = file.graph().ending(output);
    Kind kind = said.kind();
    String found;
    if (kind != null) {
      found = "as " + option + " says";
    } else if (ending == OnnxGraph.Ending.OTHER) {
      kind = none < 0 ? Kind.PROBABILITIES : Kind.LOGITS;
      found = none < 0 ? "every row adds up to 1" : "rows do not add up to 1";
    } else {
      kind = ending == OnnxGraph.Ending.SOFTMAX ? Kind.PROBABILITIES : Kind.LOGITS;
      found = ending == OnnxGraph.Ending.SOFTMAX ? "it ends in Softmax" : "it ends in LogSoftmax";
    }
    if (kind == Kind.PROBABILITIES && none >= 0) {
      throw new BadInput(
          "%s: '%s' gives no probabilities (%s): row %d of the self-test is not from 0 to 1 and 1 in sum"
                  .formatted(file.file(), output, found, none)
              + "; say %s logits".formatted(option));
    }
    return new Answers(file, output, width, kind, found, probabilities(raw, width, kind));
  }

  private static double[] probabilities(float[] raw, int width, Kind kind) {
    double[] values = new double[raw.length];
    for (int row = 0; row < raw.length / width; row++) {
      double largest = Double.NEGATIVE_INFINITY;
      for (int i = row * width; i < (row + 1) * width; i++) {
        values[i] = raw[i];
        largest = Math.max(largest, raw[i]);
      }
      if (kind == Kind.LOGITS) {
        double sum = 0;
        for (int i = row * width; i < (row + 1) * width; i++) {
          values[i] = Math.exp(raw[i] - largest);
          sum += values[i];
        }
        for (int i = row * width; i < (row + 1) * width; i++) {
          values[i] /= sum;
        }
      }
    }
    return values;
  }

  /** The file and what was taken of it. */
  Manifest.Source source() {
    return of.source(output, kind);
  }

  /** What was found out and is done, for people. */
  String note() {
    String left =
        of.graph().outputs().size() > 1
            ? "; left out: "
                + String.join(
                    ", ",
                    of.graph().outputs().stream()
                        .map(o -> o.name())
                        .filter(name -> !name.equals(output))
                        .toList())
            : "";
    return "%s: '%s' gives %s (%s)%s%s"
        .formatted(
            of.file(),
            output,
            kind.name().toLowerCase(Locale.ROOT),
            found,
            kind == Kind.LOGITS ? "; a softmax is appended" : "",
            left);
  }
}
