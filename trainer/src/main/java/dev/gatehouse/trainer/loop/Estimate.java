package dev.gatehouse.trainer.loop;

import ai.djl.Device;
import dev.gatehouse.proto.network.ModelSpec;
import dev.gatehouse.proto.network.Network;
import dev.gatehouse.proto.network.ParameterSpec;
import dev.gatehouse.proto.network.Shape;
import dev.gatehouse.proto.run.OwnRegularizer;
import dev.gatehouse.proto.run.Training;
import dev.gatehouse.trainer.array.Devices;
import dev.gatehouse.trainer.config.TrainConfig;
import dev.gatehouse.trainer.data.DataSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a training will take, found by a few steps that leave nothing behind.
 *
 * @param rows training rows
 * @param input shape of a row
 * @param expertShapes shape of a row before each layer of an expert's trunk, and behind the last;
 *     empty of a class of the user's own
 * @param gateShapes the same of the gate's; empty without one
 * @param ownClasses names of the classes of the user's own; what they multiply is not known
 * @param parameters of the whole model
 * @param expertParameters of one expert
 * @param gateParameters of the gate
 * @param denseMultiplyAdds multiply-adds a row when every expert runs; null where they are not
 *     known
 * @param servedMultiplyAdds multiply-adds a row under the serving rule
 * @param dataBytes the data on the device
 * @param stateBytes weights, gradients and Adam's moments
 * @param steps of the whole training
 * @param trainingMultiplyAdds of the whole training: three times the forward ones, as a backward
 *     pass takes two
 * @param timing how long it will take here
 */
public record Estimate(
    int rows,
    String input,
    List<String> expertShapes,
    List<String> gateShapes,
    List<String> ownClasses,
    long parameters,
    long expertParameters,
    long gateParameters,
    @Nullable Long denseMultiplyAdds,
    @Nullable Long servedMultiplyAdds,
    long dataBytes,
    long stateBytes,
    long steps,
    @Nullable Long trainingMultiplyAdds,
    Timing timing) {
  /** Weight, gradient and two moments. */
  private static final int COPIES = 4;

  private static final int PASSES = 3;

  /** The estimate of a configuration on its data, its time on the preferred device. */
  public static Estimate of(TrainConfig config, DataSet data) {
    return of(config, data, Devices.preferred());
  }

  /** The estimate of a configuration on its data, its time on {@code device}. */
  public static Estimate of(TrainConfig config, DataSet data, Device device) {
    ModelSpec spec = Blueprint.of(config, data);
    Training training = config.training();
    Shape in = spec.input().networkShape();
    Network gate = spec.gate().network();
    Long dense = multiplyAdds(spec, spec.experts());
    Long served =
        spec.runsSparsely(config.serving()) ? multiplyAdds(spec, config.serving().k()) : dense;
    int rows = data.train().size();
    long perEpoch = Batches.of(rows, training.batch(), spec, name -> true).count();
    long parameters = elements(spec.parameters());
    return new Estimate(
        rows,
        in.toString(),
        spec.expert() instanceof Network network ? texts(network.shapes(in)) : List.of(),
        gate == null ? List.of() : texts(gate.shapes(in)),
        ownClasses(spec, training),
        parameters,
        elements(spec.expertParameters(0)),
        elements(spec.gateParameters()),
        dense,
        served,
        data.train().rows().data().remaining(),
        parameters * Float.BYTES * COPIES,
        perEpoch * training.epochs(),
        dense == null ? null : PASSES * dense * rows * training.epochs(),
        Timing.of(spec, data, training, device));
  }

  private static List<String> ownClasses(ModelSpec spec, Training training) {
    return Stream.concat(
            spec.ownClasses().stream(),
            training.regularizers().own().stream().map(OwnRegularizer::type))
        .toList();
  }

  /** Of a row that runs {@code experts} experts; null where a class of the user's own runs. */
  private static @Nullable Long multiplyAdds(ModelSpec spec, int experts) {
    if (!spec.ownClasses().isEmpty()) {
      return null;
    }
    Shape in = spec.input().networkShape();
    Network gate = spec.gate().network();
    long gateAdds = gate == null ? 0 : gate.multiplyAdds(in, spec.experts());
    return gateAdds + experts * spec.network().multiplyAdds(in, spec.classes().size());
  }

  /** Lines for people. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        text("rows           %,d of shape %s, %s on the device", rows, input, size(dataBytes)));
    if (!expertShapes.isEmpty()) {
      lines.add("expert         " + String.join(" -> ", expertShapes) + " -> classes");
    }
    if (!gateShapes.isEmpty()) {
      lines.add("gate           " + String.join(" -> ", gateShapes) + " -> experts");
    }
    if (!ownClasses.isEmpty()) {
      lines.add("your own       " + String.join(", ", ownClasses));
    }
    lines.add(
        text(
            "parameters     %,d: %,d an expert, %,d in the gate; %s with gradients and moments",
            parameters, expertParameters, gateParameters, size(stateBytes)));
    if (denseMultiplyAdds != null && servedMultiplyAdds != null) {
      lines.add(
          text(
              "multiply-adds  %,d a row when every expert runs, %,d as it is served",
              denseMultiplyAdds, servedMultiplyAdds));
    }
    lines.add(
        text("steps          %,d", steps)
            + (trainingMultiplyAdds == null
                ? ""
                : text(", about %.3g multiply-adds", trainingMultiplyAdds.doubleValue())));
    lines.add(
        text(
            "time           about %s an epoch and %s in all: an estimate from %d steps, %.1f ms each",
            time(timing.epochSeconds()),
            time(timing.trainingSeconds()),
            timing.steps(),
            timing.stepMilliseconds()));
    return lines;
  }

  /** Three digits are more than an estimate is worth. */
  private static String time(double seconds) {
    if (seconds < 60) {
      return text("%.2g s", seconds);
    }
    return seconds < 3600 ? text("%.0f min", seconds / 60) : text("%.1f h", seconds / 3600);
  }

  private static List<String> texts(List<Shape> shapes) {
    return shapes.stream().map(Shape::toString).toList();
  }

  private static long elements(List<ParameterSpec> parameters) {
    return parameters.stream().mapToLong(ParameterSpec::elements).sum();
  }

  private static String size(long bytes) {
    return text("%,.1f MB", bytes / 1e6);
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
