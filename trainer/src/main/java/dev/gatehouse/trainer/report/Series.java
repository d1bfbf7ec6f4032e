package dev.gatehouse.trainer.report;

/**
 * Values over epochs, drawn as a line.
 *
 * @param name stands at its end
 * @param style number of its colour and dash pattern
 * @param values one an epoch, from epoch 1
 */
public record Series(String name, int style, double[] values) {
  double last() {
    return values[values.length - 1];
  }
}
