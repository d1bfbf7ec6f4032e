package dev.gatehouse.trainer.evaluation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.gatehouse.proto.file.Safetensors.DType;
import dev.gatehouse.trainer.data.LabelledRows;
import java.util.Arrays;

/**
 * A split on the device, as one array each.
 *
 * @param rows [n, shape of a row] raw values, bytes or floats
 * @param labels [n] 64-bit true classes
 */
public record DeviceRows(NDArray rows, NDArray labels) {
  /** Copies a split to the device; {@code manager} owns the arrays. */
  public static DeviceRows put(NDManager manager, LabelledRows split) {
    long[] shape = split.rows().shape().stream().mapToLong(Integer::longValue).toArray();
    DataType type = split.rows().dtype() == DType.U8 ? DataType.UINT8 : DataType.FLOAT32;
    NDArray rows = manager.create(split.rows().data(), new Shape(shape), type);
    long[] labels = Arrays.stream(split.labels()).asLongStream().toArray();
    return new DeviceRows(rows, manager.create(labels));
  }

  /** Number of rows. */
  public int size() {
    return (int) labels.getShape().get(0);
  }

  /** The rows at {@code indices} [b], 64-bit; attached to the manager of {@code indices}. */
  public DeviceRows select(NDArray indices) {
    return new DeviceRows(at(rows, indices), at(labels, indices));
  }

  /** Entries of {@code array}'s first axis at {@code indices}; attached to their manager. */
  public static NDArray at(NDArray array, NDArray indices) {
    return array.get(indices.getManager(), new NDIndex("{}", indices));
  }
}
