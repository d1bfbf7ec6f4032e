package dev.gatehouse.trainer.data;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/**
 * Shows a data set to a person: a line a class, its first test rows side by side, enlarged.
 *
 * <p>Arguments: name of the data set, PNG file to write, folder of the data for those that are read
 * from files.
 */
final class ContactSheet {
  private static final int SAMPLES = 12;
  private static final int ZOOM = 3;
  private static final int CELL = IdxSource.SIDE * ZOOM + 2;

  private ContactSheet() {}

  public static void main(String[] arguments) throws IOException {
    Path folder = arguments.length > 2 ? Path.of(arguments[2]) : null;
    DataSet data = DataSets.load(arguments[0], folder);
    ImageIO.write(draw(data), "png", Path.of(arguments[1]).toFile());
  }

  /** The sheet, {@code classes} lines of 12 samples. */
  static BufferedImage draw(DataSet data) {
    int classes = data.classes().size();
    BufferedImage sheet =
        new BufferedImage(SAMPLES * CELL, classes * CELL, BufferedImage.TYPE_BYTE_GRAY);
    int[] shown = new int[classes];
    for (int row = 0; row < data.test().size(); row++) {
      int label = data.test().labels()[row];
      if (shown[label] < SAMPLES) {
        paint(sheet, data.test(), row, shown[label]++ * CELL, label * CELL);
      }
    }
    return sheet;
  }

  private static void paint(BufferedImage sheet, LabelledRows rows, int row, int left, int top) {
    ByteBuffer pixels = rows.slice(row, row + 1).rows().data();
    for (int y = 0; y < IdxSource.SIDE * ZOOM; y++) {
      for (int x = 0; x < IdxSource.SIDE * ZOOM; x++) {
        int grey = pixels.get(y / ZOOM * IdxSource.SIDE + x / ZOOM) & 0xff;
        sheet.getRaster().setSample(left + x, top + y, 0, grey);
      }
    }
  }
}
