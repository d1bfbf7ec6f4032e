package dev.gatehouse.trainer.report;

import dev.gatehouse.proto.page.Numbers;
import dev.gatehouse.proto.run.SplitMeasurements;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Every figure of a split, in the order in which tables list them. */
public enum Figure {
  /** Error under the served rule. */
  SERVED_ERROR(
      "error as served",
      Unit.PERCENT,
      Better.LOWER,
      "rows whose most probable class under the served rule is not the true one",
      m -> m.served().top1()),
  /** Error under the served rule, five guesses allowed. */
  SERVED_ERROR_OF_FIVE(
      "error as served, top 5",
      Unit.PERCENT,
      Better.LOWER,
      "rows whose true class is not among the five most probable ones",
      m -> m.served().top5()),
  /** Error of the full mixture. */
  DENSE_ERROR(
      "error of the full mixture",
      Unit.PERCENT,
      Better.LOWER,
      "the same when every expert answers, weighted by the gate: y = Σ p_e o_e",
      m -> m.dense().top1()),
  /** Error of the full mixture, five guesses allowed. */
  DENSE_ERROR_OF_FIVE(
      "error of the full mixture, top 5",
      Unit.PERCENT,
      Better.LOWER,
      "the same with five guesses",
      m -> m.dense().top5()),
  /** Error of the argmax expert. */
  ARGMAX_ERROR(
      "error of the argmax expert",
      Unit.PERCENT,
      Better.LOWER,
      "the same when the expert with the largest gate probability answers alone",
      m -> m.argmax().top1()),
  /** Rows that another expert would have got right. */
  MISROUTED(
      "misrouted",
      Unit.PERCENT,
      Better.LOWER,
      "rows that are wrong as served although an expert that was not chosen is right alone",
      ofGate(SplitMeasurements::misrouted)),
  /** Rows that no expert gets right. */
  ORACLE_ERROR(
      "no expert is right",
      Unit.PERCENT,
      Better.LOWER,
      "rows that no expert gets right alone: the least error that choosing one can reach",
      SplitMeasurements::oracleError),
  /** I(E;Y) with true classes. */
  MUTUAL_INFORMATION(
      "I(E;Y)",
      Unit.BITS,
      Better.HIGHER,
      "H(E) + H(Y) − H(E,Y) of the argmax expert and the true class, from counts",
      ofGate(SplitMeasurements::mutualInformation)),
  /** I(E;Y) with the experts' own words. */
  MUTUAL_INFORMATION_PREDICTED(
      "I(E;Y), predicted classes",
      Unit.BITS,
      Better.HIGHER,
      "the same with the class that the argmax expert itself says",
      ofGate(SplitMeasurements::mutualInformationPredicted)),
  /** H_s of the gate. */
  SAMPLE_ENTROPY(
      "H_s, gate",
      Unit.BITS,
      Better.LOWER,
      "mean over rows of −Σ p_e log2 p_e; low: a decisive gate",
      ofGate(m -> m.gate().sample())),
  /** H_u of the gate. */
  USAGE_ENTROPY(
      "H_u, gate",
      Unit.BITS,
      Better.HIGHER,
      "entropy of the mean of p over the rows; high: every expert is used",
      ofGate(m -> m.gate().usage())),
  /** H_s of the served weights. */
  KEPT_SAMPLE_ENTROPY(
      "H_s, served weights",
      Unit.BITS,
      Better.LOWER,
      "H_s of the weights that the served rule gives the experts; 0 for top-1",
      ofGate(m -> m.kept().sample())),
  /** H_u of the served weights. */
  KEPT_USAGE_ENTROPY(
      "H_u, served weights",
      Unit.BITS,
      Better.HIGHER,
      "H_u of the same",
      ofGate(m -> m.kept().usage())),
  /** H_u by counts. */
  COUNTED_USAGE_ENTROPY(
      "H_u, by counts",
      Unit.BITS,
      Better.HIGHER,
      "entropy of the counts of argmax experts, H(E); H_s by counts is 0",
      ofGate(m -> m.counts().usage())),
  /** Mean over classes of the expert's entropy. */
  TASK_ENTROPY(
      "per-task entropy",
      Unit.BITS,
      Better.LOWER,
      "mean over classes of the entropy of the argmax expert given the class",
      ofGate(SplitMeasurements::taskEntropy)),
  /** Spread of gate mass. */
  IMPORTANCE_VARIATION(
      "variation of importance",
      Unit.PLAIN,
      Better.LOWER,
      "deviation over mean of the experts' summed gate probabilities (deviation by M − 1)",
      ofGate(SplitMeasurements::importanceVariation)),
  /** Spread of hits. */
  LOAD_VARIATION(
      "variation of load",
      Unit.PLAIN,
      Better.LOWER,
      "the same of the experts' hits under the served rule",
      ofGate(SplitMeasurements::loadVariation)),
  /** Expected calibration error. */
  CALIBRATION_ERROR(
      "calibration error",
      Unit.PERCENT,
      Better.LOWER,
      "Σ n_b/N |accuracy − confidence| over 15 bins of the largest served probability",
      SplitMeasurements::calibrationError);

  /** How a figure is written. */
  public enum Unit {
    /** A fraction, shown times 100. */
    PERCENT,
    /** Bits. */
    BITS,
    /** A plain number. */
    PLAIN
  }

  /** Which of two values is to be wished for, all else being equal. */
  public enum Better {
    /** The lower one. */
    LOWER,
    /** The higher one. */
    HIGHER
  }

  private final String label;
  private final Unit unit;
  private final Better better;
  private final String meaning;

  // Each is a lambda without state.
  @SuppressWarnings("ImmutableEnumChecker")
  private final Function<SplitMeasurements, @Nullable Double> value;

  Figure(
      String label,
      Unit unit,
      Better better,
      String meaning,
      Function<SplitMeasurements, @Nullable Double> value) {
    this.label = label;
    this.unit = unit;
    this.better = better;
    this.meaning = meaning;
    this.value = value;
  }

  /** What says nothing of a single network. */
  private static Function<SplitMeasurements, @Nullable Double> ofGate(
      Function<SplitMeasurements, Double> value) {
    return split -> split.experts().size() == 1 ? null : value.apply(split);
  }

  /** Its name in tables. */
  public String label() {
    return label;
  }

  /** Which value is the better one. */
  public Better better() {
    return better;
  }

  /** Its definition in a few words. */
  public String meaning() {
    return meaning;
  }

  /** Its value on a split; null where it is not defined. */
  public @Nullable Double of(SplitMeasurements split) {
    return value.apply(split);
  }

  /** Its value on a split with its unit, or a dash. */
  public String text(SplitMeasurements split) {
    Double number = of(split);
    return switch (unit) {
      case PERCENT -> Numbers.percent(number);
      case BITS -> Numbers.bits(number);
      case PLAIN -> Numbers.three(number);
    };
  }
}
