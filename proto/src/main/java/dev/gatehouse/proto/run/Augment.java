package dev.gatehouse.proto.run;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.gatehouse.proto.BadInput;
import java.util.ArrayList;
import java.util.List;

/**
 * How training images are altered at random, anew in every epoch. In JSON, YAML and flags:
 *
 * <ul>
 *   <li>{@code false}: not at all
 *   <li>{@code true}: as the authors' recipe for CIFAR does, {@code flip,shift:4}
 *   <li>{@code flip}, {@code shift:2}, {@code flip,shift:2}: what it says
 * </ul>
 *
 * @param flip whether an image is mirrored left to right, one time in two
 * @param shift most pixels that it moves by, up or down and left or right; its border is reflected
 */
public record Augment(boolean flip, int shift) {
  /** Images stay as they are. */
  public static final Augment NONE = new Augment(false, 0);

  /** What CIFAR is trained with (arXiv 2302.14703). */
  public static final Augment CIFAR = new Augment(true, 4);

  private static final String FLIP = "flip";
  private static final String SHIFT = "shift:";

  /** Checks the number. */
  public Augment {
    if (shift < 0) {
      throw new BadInput("augment: shift must be 0 or more pixels; shift=" + shift);
    }
  }

  /** True when images stay as they are. */
  public boolean isNone() {
    return equals(NONE);
  }

  /** As it stands in JSON: false, true, or text. */
  @JsonValue
  public Object json() {
    if (isNone()) {
      return false;
    }
    return equals(CIFAR) ? true : toString();
  }

  /**
   * Reads what {@link #json} gives.
   *
   * @throws BadInput when it is none of the forms above
   */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public static Augment parse(Object json) {
    String text = String.valueOf(json).strip();
    if (text.equals("false")) {
      return NONE;
    }
    if (text.equals("true")) {
      return CIFAR;
    }
    boolean flip = false;
    int shift = 0;
    for (String part : text.split(",", -1)) {
      String one = part.strip();
      if (one.equals(FLIP)) {
        flip = true;
      } else if (one.startsWith(SHIFT)) {
        shift = pixels(one.substring(SHIFT.length()), text);
      } else {
        throw unreadable(text);
      }
    }
    return new Augment(flip, shift);
  }

  @Override
  public String toString() {
    List<String> parts = new ArrayList<>();
    if (flip) {
      parts.add(FLIP);
    }
    if (shift > 0) {
      parts.add(SHIFT + shift);
    }
    return parts.isEmpty() ? "false" : String.join(",", parts);
  }

  private static int pixels(String digits, String text) {
    try {
      return Integer.parseInt(digits);
    } catch (NumberFormatException e) {
      throw unreadable(text);
    }
  }

  private static BadInput unreadable(String text) {
    return new BadInput(
        "augment is true, false, flip, shift:PIXELS, or flip,shift:PIXELS; augment=" + text);
  }
}
