package dev.gatehouse.exporter.lower;

/**
 * One scale an output for weights that are rounded to whole steps of it. Symmetric, so that 0 stays
 * 0.
 *
 * @param scales {@code [out]}, a step each; 0 where all weights are
 * @param largest most steps from 0
 */
record OutputScales(float[] scales, int largest) {
  /** Scales by which the largest weight of each output is {@code largest} steps. */
  static OutputScales of(int outputs, double[] weights, int largest) {
    float[] scales = new float[outputs];
    int perOutput = weights.length / outputs;
    for (int o = 0; o < outputs; o++) {
      double furthest = 0;
      for (int i = o * perOutput; i < (o + 1) * perOutput; i++) {
        furthest = Math.max(furthest, Math.abs(weights[i]));
      }
      scales[o] = (float) (furthest / largest);
    }
    return new OutputScales(scales, largest);
  }

  /** Weights in steps, {@code [out, ...]}, row-major. */
  int[] steps(double[] weights) {
    int[] steps = new int[weights.length];
    int perOutput = weights.length / scales.length;
    for (int i = 0; i < steps.length; i++) {
      double scale = scales[i / perOutput];
      // The scale was rounded too, so that the largest weight may lie a little beyond.
      double step = scale == 0 ? 0 : Math.rint(weights[i] / scale);
      steps[i] = (int) Math.max(-largest, Math.min(largest, step));
    }
    return steps;
  }

  /** The same of scales whose steps fit a byte. */
  byte[] bytes(double[] weights) {
    int[] steps = steps(weights);
    byte[] bytes = new byte[steps.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) steps[i];
    }
    return bytes;
  }
}
