package dev.gatehouse.exporter.imports;

import dev.gatehouse.exporter.onnx.Printable;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.bundle.Manifest;
import dev.gatehouse.proto.network.InputSpec.Datatype;
import dev.gatehouse.proto.network.InputSpec.Normalisation;
import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.network.Shape;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is imported, and what its files do not say.
 *
 * @param gate the gate's file
 * @param experts the experts' files, in the order of the gate's outputs
 * @param rule which experts answer a row
 * @param input what a client sends
 * @param classes names of the classes; null for their numbers
 * @param gateOutput the gate's output
 * @param expertOutput the output of each expert
 * @param rows where the rows of self-test and baseline come from
 */
public record ImportOptions(
    Path gate,
    List<Path> experts,
    RoutingRule rule,
    Input input,
    @Nullable List<String> classes,
    Taken gateOutput,
    Taken expertOutput,
    RowSource rows) {
  /** Checks the numbers. */
  public ImportOptions {
    experts = List.copyOf(experts);
    classes = classes == null ? null : List.copyOf(classes);
    if (experts.isEmpty() || rule.k() > experts.size()) {
      throw new BadInput(
          "a row is given to 1 to all of the experts; experts=%d, %s"
              .formatted(experts.size(), rule));
    }
    if (classes != null && classes.size() < Manifest.LEAST_CLASSES) {
      throw new BadInput("a model needs two or more classes; --classes names " + classes);
    }
  }

  /** True when a row runs the experts that the gate chose alone. */
  boolean isSparse() {
    return rule instanceof RoutingRule.TopK;
  }

  /**
   * What a client sends, as far as it is said.
   *
   * @param name of the input; null for {@code image} or {@code features}
   * @param datatype null for that of the rows, else FP32
   * @param shape of a row; null for what the gate's file says
   * @param range of the values; null for that of the datatype
   * @param scaling how raw values become what the files take; null where they take raw ones
   */
  public record Input(
      @Nullable String name,
      @Nullable Datatype datatype,
      @Nullable Shape shape,
      @Nullable Range range,
      @Nullable Scaling scaling) {
    /** Nothing is said. */
    public static final Input UNSAID = new Input(null, null, null, null, null);

    /** Names of the outputs of the graphs that are made. */
    private static final Set<String> OUTPUTS =
        Set.of(
            Manifest.PROBABILITIES,
            Manifest.CLASS,
            Manifest.GATE_PROBABILITIES,
            Manifest.EXPERT_INDICES,
            Manifest.EXPERT_WEIGHTS);

    /** What the names of values inside the portable graph begin with. */
    private static final Pattern INSIDE =
        Pattern.compile("(gate|expert_\\d+|const|dispatch|combine|routing)/.*");

    /** Checks the name, which has to be another than those of the graphs' own values. */
    public Input {
      if (name != null && (name.isBlank() || name.chars().anyMatch(Character::isISOControl))) {
        throw new BadInput(
            "an input has a name in printable characters; --input-name='%s'"
                .formatted(Printable.of(name)));
      }
      if (name != null && (OUTPUTS.contains(name) || INSIDE.matcher(name).matches())) {
        throw new BadInput(
            "the graphs have a value of their own called '%s'; give the input another --input-name"
                .formatted(name));
      }
    }
  }

  /**
   * A range of values.
   *
   * @param min the least
   * @param max the largest, above it
   */
  public record Range(double min, double max) {
    /** Of bytes. */
    static final Range BYTES = new Range(0, 255);

    /** Of floats. */
    static final Range FLOATS = new Range(-Float.MAX_VALUE, Float.MAX_VALUE);

    /** Checks the numbers. */
    public Range {
      if (!Double.isFinite(min) || !Double.isFinite(max) || !(min < max)) {
        throw new BadInput("a range goes from MIN to a larger MAX; range=" + min + ".." + max);
      }
    }
  }

  /**
   * The files take (raw / scale - mean) / std.
   *
   * @param scale divides the raw value
   * @param mean one for all channels, or one for each
   * @param std one for all channels, or one for each
   */
  public record Scaling(double scale, List<Double> mean, List<Double> std) {
    /** Copies the lists. */
    public Scaling {
      mean = List.copyOf(mean);
      std = List.copyOf(std);
    }

    /** Nothing is done. */
    static final Scaling NONE = new Scaling(1, List.of(0.0), List.of(1.0));

    /** The same for rows of that many channels. */
    Normalisation of(int channels) {
      return new Normalisation(scale, each("--mean", mean, channels), each("--std", std, channels));
    }

    private static List<Double> each(String option, List<Double> values, int channels) {
      if (values.size() != 1 && values.size() != channels) {
        throw new BadInput(
            "%s takes one number, or one for each of %d channels; got %d"
                .formatted(option, channels, values.size()));
      }
      return values.size() == 1 ? Collections.nCopies(channels, values.get(0)) : values;
    }
  }

  /** Where rows come from. */
  public sealed interface RowSource {}

  /**
   * Rows of files.
   *
   * @param rows an array {@code [n, shape of a row]}, NPY
   * @param labels an array {@code [n]} of the true classes' indices, NPY; null where nobody knows
   */
  public record Given(Path rows, @Nullable Path labels) implements RowSource {}

  /**
   * Rows drawn evenly from the input's range.
   *
   * @param seed of the drawing
   */
  public record Drawn(long seed) implements RowSource {}
}
