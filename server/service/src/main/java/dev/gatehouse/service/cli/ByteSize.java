package dev.gatehouse.service.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Bytes as people write them: a number, or one with K, M or G for powers of 1024. */
final class ByteSize implements ITypeConverter<Long> {
  private static final Pattern SIZE = Pattern.compile("([0-9]{1,12})([KMG]?)");

  @Override
  public Long convert(String text) {
    Matcher size = SIZE.matcher(text);
    if (!size.matches()) {
      throw noSize(text);
    }
    int power =
        switch (size.group(2)) {
          case "K" -> 10;
          case "M" -> 20;
          case "G" -> 30;
          default -> 0;
        };
    long units = Long.parseLong(size.group(1));
    if (units > Long.MAX_VALUE >> power) {
      throw noSize(text);
    }
    return units << power;
  }

  private static TypeConversionException noSize(String text) {
    return new TypeConversionException(
        "'" + text + "' is no size; write bytes, or a number with K, M or G, such as 500M");
  }
}
