package dev.gatehouse.client.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gatehouse.proto.v1.Prediction;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The answer to one row.
 *
 * @param row the file; of a table, with the line
 * @param classIndex most probable class
 * @param className its name
 * @param probability its probability
 * @param experts the experts that answered, by falling weight
 * @param weights their weights
 * @param gateProbabilities the gate's probability of each expert; null unless asked for
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Answer(
    String row,
    int classIndex,
    String className,
    float probability,
    List<Integer> experts,
    List<Float> weights,
    @Nullable List<Float> gateProbabilities) {
  static Answer of(String row, Prediction prediction, boolean withGate) {
    var routing = prediction.getRouting();
    return new Answer(
        row,
        prediction.getClassIndex(),
        prediction.getClassName(),
        prediction.getProbabilities(prediction.getClassIndex()),
        routing.getExpertIndicesList(),
        routing.getExpertWeightsList(),
        withGate ? routing.getGateProbabilitiesList() : null);
  }

  /** For people: {@code seven.png: 7 (0.998), expert 3}. */
  String line() {
    StringBuilder line =
        new StringBuilder(String.format(Locale.ROOT, "%s: %s (%.3f)", row, className, probability));
    line.append(experts.size() == 1 ? ", expert" : ", experts");
    for (int i = 0; i < experts.size(); i++) {
      line.append(" ").append(experts.get(i));
      if (experts.size() > 1) {
        line.append(String.format(Locale.ROOT, " (%.3f)", weights.get(i)));
      }
    }
    if (gateProbabilities != null) {
      line.append(", gate");
      gateProbabilities.forEach(p -> line.append(String.format(Locale.ROOT, " %.3f", p)));
    }
    return line.toString();
  }
}
