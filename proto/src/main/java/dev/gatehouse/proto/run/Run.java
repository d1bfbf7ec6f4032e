package dev.gatehouse.proto.run;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.network.ModelSpec;
import dev.gatehouse.proto.network.RoutingRule;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * {@code run.json}: what was trained, on what, how, and what came of it.
 *
 * @param formatVersion version of the run folder's format, {@link RunFolder#FORMAT_VERSION}
 * @param id names the run; letters, digits, {@code -}, {@code _} and {@code .}
 * @param status how far the run got
 * @param created ISO 8601 instant
 * @param dataset the data
 * @param model the architecture
 * @param serving the rule under which the model is to be served, and its self-test was recorded
 * @param training the resolved configuration
 * @param teacher id of the run this one was distilled from; null for a model trained from the
 *     labels
 * @param versions versions of the software, by name
 * @param results measurements of the finished model; null while it trains
 */
public record Run(
    int formatVersion,
    String id,
    Status status,
    String created,
    Dataset dataset,
    ModelSpec model,
    RoutingRule serving,
    Training training,
    @Nullable String teacher,
    Map<String, String> versions,
    @Nullable Results results) {
  /** How far a run got. */
  public enum Status {
    /** Epochs are still to come, or it was stopped. */
    RUNNING,
    /** All epochs ran and the measurements were taken. */
    COMPLETE
  }

  /** Checks that the parts fit together. */
  public Run {
    if (!id.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
      throw new BadInput("a run's id is made of letters, digits, '.', '-' and '_'; id=" + id);
    }
    model.servable(serving);
    versions = Collections.unmodifiableMap(new TreeMap<>(versions));
    if ((status == Status.COMPLETE) != (results != null)) {
      throw new BadInput("a run has results when it is complete and not before; status=" + status);
    }
  }

  /** This run, finished with {@code results}. */
  public Run complete(Results measured) {
    return new Run(
        formatVersion,
        id,
        Status.COMPLETE,
        created,
        dataset,
        model,
        serving,
        training,
        teacher,
        versions,
        measured);
  }

  /**
   * The data of a run.
   *
   * @param name as {@code --dataset} takes it
   * @param licence licence of the data, in words
   * @param trainRows rows trained on
   * @param validationRows rows held out of training
   * @param testRows rows of the test set
   * @param fingerprint sha256 over all rows and labels in order
   */
  public record Dataset(
      String name,
      String licence,
      int trainRows,
      int validationRows,
      int testRows,
      String fingerprint) {}

  /**
   * Measurements of the finished model.
   *
   * @param validation on the held-out rows
   * @param test on the test set
   */
  public record Results(Measurements validation, Measurements test) {
    /** The results in short of {@code measured}. */
    public static Results of(RunMeasurements measured) {
      return new Results(Measurements.of(measured.validation()), Measurements.of(measured.test()));
    }
  }

  /**
   * Measurements on one split (arXiv 2302.14703; entropies in bits).
   *
   * @param rows number of rows
   * @param denseError share of rows that the full mixture gets wrong
   * @param servedError share of rows that the mixture gets wrong under the serving rule
   * @param sampleEntropy H_s, mean entropy of a row's gate probabilities
   * @param usageEntropy H_u, entropy of the mean gate probabilities
   * @param mutualInformation I(E;Y) of the gate's argmax expert and the true class
   */
  public record Measurements(
      long rows,
      double denseError,
      double servedError,
      double sampleEntropy,
      double usageEntropy,
      double mutualInformation) {
    /** The few of {@code measured} that travel with the model. */
    public static Measurements of(SplitMeasurements measured) {
      return new Measurements(
          measured.rows(),
          measured.dense().top1(),
          measured.served().top1(),
          measured.gate().sample(),
          measured.gate().usage(),
          measured.mutualInformation());
    }
  }
}
