package dev.gatehouse.trainer.cli;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.trainer.config.DataRef.ImageSize;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a size of images; a wrong one is wrong usage. */
final class ImageSizeConverter implements ITypeConverter<ImageSize> {
  @Override
  public ImageSize convert(String text) {
    try {
      return ImageSize.parse(text);
    } catch (BadInput e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
