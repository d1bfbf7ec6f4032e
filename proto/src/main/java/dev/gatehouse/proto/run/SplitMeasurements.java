package dev.gatehouse.proto.run;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.network.RoutingRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is measured of a mixture on one split (arXiv 2302.14703 and what practice adds).
 * Entropies are in bits; errors and shares are fractions of the rows. "The argmax expert" of a row
 * is the one with its largest gate probability, the lower index among equals.
 *
 * @param rule the rule under which rows are served
 * @param rows number of rows
 * @param served errors under {@code rule}
 * @param dense errors of y = sum_e p_e o_e
 * @param argmax errors of the argmax expert alone
 * @param oracleError share of rows that no expert alone gets right: no gate could do better by
 *     choosing one
 * @param misrouted share of rows that are wrong as served although an expert that was not chosen
 *     gets them right alone
 * @param gate H_s and H_u of the gate's probabilities p
 * @param kept H_s and H_u of the weights that {@code rule} gives the experts: for top-1 certain, so
 *     that H_s is 0 and H_u comes from counts; for a dense rule the same as {@code gate}
 * @param counts H_s and H_u when each row counts for its argmax expert: 0 and H(E)
 * @param mutualInformation I(E;Y) of the argmax expert and the true class
 * @param mutualInformationPredicted I(E;Y) of the argmax expert and the class that it says itself
 * @param taskEntropy mean of {@link ByClass#expertEntropy} over the classes that have rows
 * @param importanceVariation std/mean over experts of the summed gate probabilities, std with
 *     Bessel's correction; 0 for one expert
 * @param loadVariation the same of {@link ByExpert#hits}
 * @param calibrationError expected calibration error of the served probabilities: sum over {@code
 *     reliability} of n/rows |accuracy - confidence|
 * @param reliability {@link #RELIABILITY_BINS} bins of the largest served probability
 * @param topGateProbability {@link #GATE_BINS} counts of rows by their largest gate probability
 * @param classes [classes] by true class
 * @param experts [experts] by expert
 */
public record SplitMeasurements(
    RoutingRule rule,
    long rows,
    Errors served,
    Errors dense,
    Errors argmax,
    double oracleError,
    double misrouted,
    Entropies gate,
    Entropies kept,
    Entropies counts,
    double mutualInformation,
    double mutualInformationPredicted,
    double taskEntropy,
    double importanceVariation,
    double loadVariation,
    double calibrationError,
    List<ReliabilityBin> reliability,
    List<Long> topGateProbability,
    List<ByClass> classes,
    List<ByExpert> experts) {
  /** Bins of equal width over [0, 1] in which confidence meets accuracy. */
  public static final int RELIABILITY_BINS = 15;

  /** Bins of equal width over [0, 1] of a gate probability. */
  public static final int GATE_BINS = 20;

  /** Checks that the parts fit together. */
  public SplitMeasurements {
    reliability = List.copyOf(reliability);
    topGateProbability = List.copyOf(topGateProbability);
    classes = List.copyOf(classes);
    experts = List.copyOf(experts);
    if (rows < 1 || classes.stream().mapToLong(ByClass::rows).sum() != rows) {
      throw new BadInput("the rows of the classes must add up to the rows; rows=" + rows);
    }
    if (experts.stream().mapToLong(ByExpert::rows).sum() != rows) {
      throw new BadInput("the rows of the experts must add up to the rows; rows=" + rows);
    }
  }

  /** The rows of each true class that each expert takes as argmax, [experts][classes]. */
  public List<List<Long>> expertByClass() {
    return experts.stream().map(ByExpert::byClass).toList();
  }

  /**
   * Shares of rows that are wrong.
   *
   * @param top1 the true class is not the one with the largest probability
   * @param top5 nor among the five largest; null where there are five classes or fewer
   */
  public record Errors(double top1, @Nullable Double top5) {}

  /**
   * Two entropies of a distribution over experts that each row has, bits.
   *
   * @param sample H_s, the mean of the rows' entropies; low: decisive
   * @param usage H_u, the entropy of the rows' mean; high: every expert is used
   */
  public record Entropies(double sample, double usage) {}

  /**
   * Rows whose largest served probability lies in one bin; the upper end belongs to the next bin, 1
   * to the last.
   *
   * @param rows number of them
   * @param confidence mean of the largest served probability; null for no rows
   * @param accuracy share that is right; null for no rows
   */
  public record ReliabilityBin(long rows, @Nullable Double confidence, @Nullable Double accuracy) {}

  /**
   * One true class.
   *
   * @param rows number of its rows
   * @param servedError share that is wrong as served; null for no rows
   * @param expertEntropy entropy of the argmax expert given this class, bits; null for no rows
   */
  public record ByClass(long rows, @Nullable Double servedError, @Nullable Double expertEntropy) {}

  /**
   * One expert.
   *
   * @param hits rows whose chosen set holds it under the served rule
   * @param gateMass its mean gate probability
   * @param rows rows whose argmax expert it is: its own
   * @param accuracy share of its own rows that it gets right alone; null for no rows
   * @param byClass [classes] its own rows by true class
   * @param byPredicted [classes] its own rows by the class that it says itself
   * @param gateProbability {@link #GATE_BINS} counts of all rows by its gate probability
   */
  public record ByExpert(
      long hits,
      double gateMass,
      long rows,
      @Nullable Double accuracy,
      List<Long> byClass,
      List<Long> byPredicted,
      List<Long> gateProbability) {
    /** Copies the lists. */
    public ByExpert {
      byClass = List.copyOf(byClass);
      byPredicted = List.copyOf(byPredicted);
      gateProbability = List.copyOf(gateProbability);
    }
  }
}
