package dev.gatehouse.proto.run;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One line of {@code metrics.jsonl}. The held-out rows are measured at the end of the epoch; the
 * test rows are left alone until the model is finished.
 *
 * @param epoch from 1
 * @param loss mean training loss with regularisers
 * @param trainError share of training rows wrong, counted during the epoch
 * @param validationError share of held-out rows that the full mixture gets wrong
 * @param servedError share of held-out rows that the mixture gets wrong under the serving rule
 * @param servedErrorOfFive the same with five guesses; null where there are five classes or fewer
 * @param calibrationError expected calibration error of the served probabilities on the held-out
 *     rows
 * @param sampleEntropy H_s of the gate's probabilities on the held-out rows, bits
 * @param usageEntropy H_u of the same, bits
 * @param mutualInformation I(E;Y) of the argmax expert and the true class on the held-out rows,
 *     bits
 * @param taskEntropy mean over classes of the entropy of the argmax expert given the class, bits
 * @param loadVariation coefficient of variation of the experts' hits on the held-out rows
 * @param expertLoad [experts] share of held-out rows by argmax expert
 * @param expertAccuracy [experts] share of its own rows that each gets right alone, own being those
 *     whose argmax expert it is; null for no rows
 * @param expertByClass [experts][classes] its own rows by true class
 * @param learningRate the optimiser's step size at the end of the epoch
 * @param seconds time of the epoch, evaluation included
 */
public record EpochMetrics(
    int epoch,
    double loss,
    double trainError,
    double validationError,
    double servedError,
    @Nullable Double servedErrorOfFive,
    double calibrationError,
    double sampleEntropy,
    double usageEntropy,
    double mutualInformation,
    double taskEntropy,
    double loadVariation,
    List<Double> expertLoad,
    List<@Nullable Double> expertAccuracy,
    List<List<Long>> expertByClass,
    double learningRate,
    double seconds) {
  /** Copies the lists. */
  public EpochMetrics {
    expertLoad = List.copyOf(expertLoad);
    expertAccuracy = Collections.unmodifiableList(new ArrayList<>(expertAccuracy));
    expertByClass = expertByClass.stream().map(List::copyOf).toList();
  }
}
