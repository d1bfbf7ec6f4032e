package dev.gatehouse.trainer.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.gatehouse.proto.network.InputSpec;
import java.util.Arrays;
import java.util.List;

/**
 * Raw rows to the network's input: x = (raw / scale - mean[channel]) / std[channel], or a table's
 * columns expanded.
 *
 * @param input what a row is
 */
record Normalisation(InputSpec input) {
  /**
   * Normalises a batch.
   *
   * @param raw [B, shape of a row], bytes or floats
   * @return [B, shape of a row as the network sees it], floats
   */
  NDArray apply(NDArray raw) {
    NDArray floats = raw.toType(DataType.FLOAT32, false);
    if (input.normalisation() instanceof InputSpec.Columns columns) {
      return expanded(floats, columns.expansion());
    }
    return perChannel(floats, (InputSpec.Normalisation) input.normalisation());
  }

  private NDArray perChannel(NDArray raw, InputSpec.Normalisation numbers) {
    return raw.div(raw.getManager().create((float) numbers.scale()))
        .sub(aChannel(raw.getManager(), numbers.mean()))
        .div(aChannel(raw.getManager(), numbers.std()));
  }

  private NDArray aChannel(NDManager manager, List<Double> numbers) {
    float[] values = new float[numbers.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = numbers.get(i).floatValue();
    }
    long[] shape = new long[input.shape().dims().size()];
    Arrays.fill(shape, 1);
    shape[0] = values.length;
    return manager.create(values, new Shape(shape));
  }

  private static NDArray expanded(NDArray raw, InputSpec.Expansion by) {
    NDManager manager = raw.getManager();
    long[] source = Arrays.stream(by.source()).asLongStream().toArray();
    NDArray spread = raw.get(manager, new NDIndex(":, {}", manager.create(source)));
    return spread
        .sub(manager.create(by.mean()))
        .mul(manager.create(by.factor()))
        .add(spread.eq(manager.create(by.hit())).toType(DataType.FLOAT32, false));
  }
}
