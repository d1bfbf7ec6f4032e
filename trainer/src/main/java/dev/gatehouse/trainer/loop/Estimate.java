package dev.gatehouse.trainer.loop;

import dev.gatehouse.proto.network.ModelSpec;
import dev.gatehouse.proto.network.Network;
import dev.gatehouse.proto.network.ParameterSpec;
import dev.gatehouse.proto.network.Shape;
import dev.gatehouse.proto.run.Training;
import dev.gatehouse.trainer.config.TrainConfig;
import dev.gatehouse.trainer.data.DataSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a training will take, found without training.
 *
 * @param rows training rows
 * @param input shape of a row
 * @param expertShapes shape of a row before each layer of an expert's trunk, and behind the last
 * @param gateShapes the same of the gate's; empty without one
 * @param parameters of the whole model
 * @param expertParameters of one expert
 * @param gateParameters of the gate
 * @param denseMultiplyAdds multiply-adds a row when every expert runs
 * @param servedMultiplyAdds multiply-adds a row under the serving rule
 * @param dataBytes the data on the device
 * @param stateBytes weights, gradients and Adam's moments
 * @param steps of the whole training
 * @param trainingMultiplyAdds of the whole training: three times the forward ones, as a backward
 *     pass takes two
 */
public record Estimate(
    int rows,
    String input,
    List<String> expertShapes,
    List<String> gateShapes,
    long parameters,
    long expertParameters,
    long gateParameters,
    long denseMultiplyAdds,
    long servedMultiplyAdds,
    long dataBytes,
    long stateBytes,
    long steps,
    long trainingMultiplyAdds) {
  /** Weight, gradient and two moments. */
  private static final int COPIES = 4;

  private static final int PASSES = 3;

  /** The estimate of a configuration on its data. */
  public static Estimate of(TrainConfig config, DataSet data) {
    ModelSpec spec = config.model(data.input(), data.classes());
    Training training = config.training();
    Shape in = spec.input().networkShape();
    Network gate = spec.gate().network();
    long expert = spec.expert().multiplyAdds(in, spec.classes().size());
    long gateAdds = gate == null ? 0 : gate.multiplyAdds(in, spec.experts());
    long dense = gateAdds + spec.experts() * expert;
    long served =
        spec.runsSparsely(config.serving()) ? gateAdds + config.serving().k() * expert : dense;
    int rows = data.train().size();
    long perEpoch = (rows + training.batch() - 1L) / training.batch();
    long parameters = elements(spec.parameters());
    return new Estimate(
        rows,
        in.toString(),
        texts(spec.expert().shapes(in)),
        gate == null ? List.of() : texts(gate.shapes(in)),
        parameters,
        elements(spec.expertParameters(0)),
        elements(spec.gateParameters()),
        dense,
        served,
        data.train().rows().data().remaining(),
        parameters * Float.BYTES * COPIES,
        perEpoch * training.epochs(),
        PASSES * dense * rows * training.epochs());
  }

  /** Lines for people. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        text("rows           %,d of shape %s, %s on the device", rows, input, size(dataBytes)));
    lines.add("expert         " + String.join(" -> ", expertShapes) + " -> classes");
    if (!gateShapes.isEmpty()) {
      lines.add("gate           " + String.join(" -> ", gateShapes) + " -> experts");
    }
    lines.add(
        text(
            "parameters     %,d: %,d an expert, %,d in the gate; %s with gradients and moments",
            parameters, expertParameters, gateParameters, size(stateBytes)));
    lines.add(
        text(
            "multiply-adds  %,d a row when every expert runs, %,d as it is served",
            denseMultiplyAdds, servedMultiplyAdds));
    lines.add(
        text("steps          %,d, about %.3g multiply-adds", steps, (double) trainingMultiplyAdds));
    return lines;
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
