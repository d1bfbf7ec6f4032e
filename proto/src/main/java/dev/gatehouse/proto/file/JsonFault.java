package dev.gatehouse.proto.file;

import dev.gatehouse.proto.BadInput;
import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.InvalidNullException;
import tools.jackson.databind.exc.InvalidTypeIdException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.PropertyBindingException;
import tools.jackson.databind.exc.ValueInstantiationException;

/** What is wrong with a text, in the words of its keys instead of the classes behind them. */
final class JsonFault {
  private static final Pattern MISSING =
      Pattern.compile("Missing required (?:creator )?property .*");
  private static final Pattern KNOWN_TYPES = Pattern.compile("known type ids = \\[([^]]*)]");
  private static final Set<Class<?>> WHOLE =
      Set.of(int.class, long.class, Integer.class, Long.class);
  private static final Set<Class<?>> REAL =
      Set.of(float.class, double.class, Float.class, Double.class);
  private static final Set<Class<?>> TRUTH = Set.of(boolean.class, Boolean.class);

  private JsonFault() {}

  /** One line; with the line's number in a text that has one. */
  static String of(JacksonException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof BadInput) {
        return String.valueOf(cause.getMessage());
      }
    }
    var location = e.getLocation();
    String line =
        location == null || location.getLineNr() < 0 ? "" : "line " + location.getLineNr() + ": ";
    return line + words(e);
  }

  private static String words(JacksonException e) {
    String said = e.getOriginalMessage().lines().findFirst().orElse("no JSON");
    if (e instanceof PropertyBindingException unknown) {
      return "unknown key " + path(e) + known(unknown.getKnownPropertyIds());
    }
    if (MISSING.matcher(said).matches()) {
      return "key " + path(e) + " is missing";
    }
    if (e instanceof InvalidNullException
        || (e instanceof ValueInstantiationException
            && e.getCause() instanceof NullPointerException)) {
      return named(e) + " must not be null";
    }
    if (e instanceof InvalidTypeIdException type && type.getTypeId() != null) {
      Matcher types = KNOWN_TYPES.matcher(said);
      String all = types.find() ? "; known are " + types.group(1) : "";
      return "%s is of no known type: %s%s".formatted(named(e), type.getTypeId(), all);
    }
    if (e instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null) {
      String expected = expected(mismatch.getTargetType());
      if (expected != null) {
        String value = e instanceof InvalidFormatException v ? "; value=" + v.getValue() : "";
        return named(e) + " must be " + expected + value;
      }
    }
    return said;
  }

  private static String known(@Nullable Collection<Object> keys) {
    return keys == null || keys.isEmpty()
        ? ""
        : "; known are " + String.join(", ", keys.stream().map(Object::toString).sorted().toList());
  }

  private static @Nullable String expected(Class<?> type) {
    if (WHOLE.contains(type)) {
      return "a whole number";
    } else if (REAL.contains(type)) {
      return "a number";
    } else if (TRUTH.contains(type)) {
      return "true or false";
    } else if (type == String.class) {
      return "text";
    } else if (type.isEnum()) {
      return "one of "
          + String.join(
              ", ",
              Arrays.stream(type.getEnumConstants())
                  .map(each -> ((Enum<?>) each).name().toLowerCase(Locale.ROOT))
                  .toList());
    } else if (Collection.class.isAssignableFrom(type) || type.isArray()) {
      return "a list";
    } else if (Map.class.isAssignableFrom(type) || type.isRecord()) {
      return "an object with keys";
    }
    return null;
  }

  private static String named(JacksonException e) {
    String path = path(e);
    return path.isEmpty() ? "the whole" : path;
  }

  /** The dotted path of the key, {@code a.b[0].c}. */
  private static String path(JacksonException e) {
    StringBuilder path = new StringBuilder();
    for (var step : e.getPath()) {
      if (step.getPropertyName() != null) {
        path.append(path.isEmpty() ? "" : ".").append(step.getPropertyName());
      } else {
        path.append('[').append(step.getIndex()).append(']');
      }
    }
    return path.toString();
  }
}
