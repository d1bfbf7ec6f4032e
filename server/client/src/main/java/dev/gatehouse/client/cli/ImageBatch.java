package dev.gatehouse.client.cli;

import dev.gatehouse.client.GatehouseClient;
import dev.gatehouse.client.ModelDescription;
import dev.gatehouse.client.Query;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.image.EncodedImage;
import dev.gatehouse.proto.network.Shape;
import dev.gatehouse.proto.v1.PredictResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Image files, brought to the model's size and channels when they are asked about.
 *
 * @param files PNG or JPEG
 * @param shape what the model takes
 */
record ImageBatch(List<Path> files, Shape shape) implements RowBatch {
  private static final int MOST_IMAGES = 64;
  private static final int MOST_BYTES = 1 << 20;

  /**
   * All files in batches.
   *
   * @throws BadInput when the model takes no images
   */
  static List<RowBatch> of(List<Path> files, ModelDescription model) {
    if (!model.takesImages()) {
      throw new BadInput(
          "%s: the model %s takes no images; a row is %s of shape %s%s"
              .formatted(
                  files.get(0),
                  model.model(),
                  model.datatype(),
                  model.shape(),
                  model.columns().isEmpty()
                      ? ""
                      : ": give a CSV file with the columns " + TableBatch.names(model)));
    }
    int each = Math.max(1, Math.min(MOST_IMAGES, MOST_BYTES / model.shape().elements()));
    List<RowBatch> batches = new ArrayList<>();
    for (int from = 0; from < files.size(); from += each) {
      List<Path> some = files.subList(from, Math.min(files.size(), from + each));
      batches.add(new ImageBatch(some, model.shape()));
    }
    return batches;
  }

  @Override
  public List<String> names() {
    return files.stream().map(Path::toString).toList();
  }

  @Override
  public PredictResponse ask(GatehouseClient client, Query query) {
    byte[] pixels = new byte[files.size() * shape.elements()];
    for (int i = 0; i < files.size(); i++) {
      System.arraycopy(read(files.get(i)), 0, pixels, i * shape.elements(), shape.elements());
    }
    return client.predictUint8(query, files.size(), pixels);
  }

  private byte[] read(Path file) {
    List<Integer> dims = shape.dims();
    return EncodedImage.read(
            file, image -> image.pixels().fitted(dims.get(0), dims.get(1), dims.get(2)))
        .samples();
  }
}
