package dev.gatehouse.trainer.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.gatehouse.proto.network.InputSpec;
import java.util.Arrays;
import java.util.List;

/**
 * Raw rows to the network's input: x = (raw / scale - mean[channel]) / std[channel].
 *
 * @param input what a row is
 */
record Normalisation(InputSpec input) {
  /**
   * Normalises a batch.
   *
   * @param raw [B, shape of a row], bytes or floats
   * @return [B, shape of a row], floats
   */
  NDArray apply(NDArray raw) {
    InputSpec.Normalisation numbers = input.normalisation();
    NDArray floats = raw.toType(DataType.FLOAT32, false);
    return floats
        .div(numbers.scale())
        .sub(perChannel(raw.getManager(), numbers.mean()))
        .div(perChannel(raw.getManager(), numbers.std()));
  }

  private NDArray perChannel(NDManager manager, List<Double> numbers) {
    float[] values = new float[numbers.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = numbers.get(i).floatValue();
    }
    long[] shape = new long[input.shape().dims().size()];
    Arrays.fill(shape, 1);
    shape[0] = values.length;
    return manager.create(values, new Shape(shape));
  }
}
