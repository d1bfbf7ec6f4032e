package dev.gatehouse.trainer.data;

import dev.gatehouse.proto.file.Safetensors.DType;
import dev.gatehouse.proto.file.Safetensors.Tensor;
import dev.gatehouse.proto.network.InputSpec;
import dev.gatehouse.proto.network.InputSpec.Datatype;
import dev.gatehouse.proto.network.InputSpec.Normalisation;
import dev.gatehouse.proto.network.Shape;
import java.nio.ByteBuffer;
import java.util.List;

/** Images of unsigned bytes, which most data sets of images are. */
final class ByteImages {
  private static final int BRIGHTEST = 255;

  private ByteImages() {}

  /**
   * What a client of a model of such images sends.
   *
   * @param shape [channels, height, width]
   * @param mean [channels] of the training pixels divided by 255
   * @param std [channels] of the training pixels divided by 255
   */
  static InputSpec input(Shape shape, List<Double> mean, List<Double> std) {
    return new InputSpec(
        "image", Datatype.UINT8, shape, 0, BRIGHTEST, new Normalisation(BRIGHTEST, mean, std));
  }

  /** Images [n, shape] with their labels; shares {@code pixels}. */
  static LabelledRows rows(byte[] pixels, Shape shape, int[] labels) {
    return new LabelledRows(
        new Tensor(DType.U8, shape.batched(labels.length), ByteBuffer.wrap(pixels)), labels);
  }
}
