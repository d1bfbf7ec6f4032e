package dev.gatehouse.trainer.experiment;

import dev.gatehouse.proto.run.SplitMeasurements;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a run's measurements on one split; errors are shares of the rows, entropies and
 * information in bits.
 *
 * @param rows number of rows
 * @param denseError of y = sum_e p_e o_e
 * @param servedError under the serving rule
 * @param argmaxError of the argmax expert alone
 * @param denseErrorOfFive five guesses allowed; null where there are five classes or fewer
 * @param oracleError rows that no expert gets right
 * @param gateSample H_s of the gate's probabilities
 * @param gateUsage H_u of the same
 * @param keptSample H_s of the weights that the rule keeps
 * @param keptUsage H_u of the same
 * @param countedUsage H_u by counts of argmax experts
 * @param information I(E;Y) with true classes
 * @param informationPredicted I(E;Y) with the classes that the experts say
 * @param taskEntropy mean over classes of the entropy of the expert given the class
 * @param loadVariation deviation over mean of the experts' hits
 * @param calibrationError as served
 */
public record SplitFigures(
    long rows,
    double denseError,
    double servedError,
    double argmaxError,
    @Nullable Double denseErrorOfFive,
    double oracleError,
    double gateSample,
    double gateUsage,
    double keptSample,
    double keptUsage,
    double countedUsage,
    double information,
    double informationPredicted,
    double taskEntropy,
    double loadVariation,
    double calibrationError) {
  static SplitFigures of(SplitMeasurements measured) {
    return new SplitFigures(
        measured.rows(),
        measured.dense().top1(),
        measured.served().top1(),
        measured.argmax().top1(),
        measured.dense().top5(),
        measured.oracleError(),
        measured.gate().sample(),
        measured.gate().usage(),
        measured.kept().sample(),
        measured.kept().usage(),
        measured.counts().usage(),
        measured.mutualInformation(),
        measured.mutualInformationPredicted(),
        measured.taskEntropy(),
        measured.loadVariation(),
        measured.calibrationError());
  }

  /** Share of rows that are wrong. */
  public double error(View view) {
    return switch (view) {
      case DENSE -> denseError;
      case SERVED -> servedError;
      case ARGMAX, ARGMAX_OF_GATE -> argmaxError;
    };
  }

  /** H_s, bits. */
  public double sampleEntropy(View view) {
    return switch (view) {
      case DENSE, ARGMAX_OF_GATE -> gateSample;
      case SERVED -> keptSample;
      case ARGMAX -> 0;
    };
  }

  /** H_u, bits. */
  public double usageEntropy(View view) {
    return switch (view) {
      case DENSE, ARGMAX_OF_GATE -> gateUsage;
      case SERVED -> keptUsage;
      case ARGMAX -> countedUsage;
    };
  }
}
