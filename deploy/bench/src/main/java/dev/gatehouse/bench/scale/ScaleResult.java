package dev.gatehouse.bench.scale;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * What one case measured.
 *
 * @param family of the models
 * @param experts number of experts, M
 * @param topK experts that answer a row, k
 * @param skew how rows spread over the experts
 * @param inFlight rows under way, of all callers together
 * @param busiestShare share of the rows that the busiest expert computes
 * @param openMs time to open the bundle in a fresh process, milliseconds
 * @param residentBytes by which that grows the process; null where the system does not tell
 * @param oneRowUs one row alone on its caller's thread, microseconds
 * @param floorRowUs the same as bare runs of gate and chosen experts; null where memory is short
 * @param timeARowUs one row under the load of all callers, microseconds: the inverse of its rate
 * @param policy which rows the engine computes together, by its own choice for this model
 * @param engine rows batched so
 * @param globalBatch rows of all callers in one batch over the same sessions
 * @param portable one batch through the portable graph; null where it is left out
 * @param dense one batch through a graph that runs every expert; null where it is left out
 * @param timesGlobalBatch the engine's rate over that of the global batch
 * @param timesAtEqualP99 the highest of the engine's rates, at any number of rows under way, whose
 *     p99 is not above the global batch's here, over the global batch's rate here; null where none
 *     is
 * @param timesPortable the engine's rate over that of the portable graph
 * @param timesDense the engine's rate over that of the dense graph
 * @param notes what was left out, and why
 */
public record ScaleResult(
    String family,
    int experts,
    int topK,
    String skew,
    int inFlight,
    double busiestShare,
    double openMs,
    @Nullable Long residentBytes,
    double oneRowUs,
    @Nullable Double floorRowUs,
    @JsonProperty("time_a_row_us") double timeARowUs,
    String policy,
    Load engine,
    Load globalBatch,
    @Nullable Load portable,
    @Nullable Load dense,
    double timesGlobalBatch,
    @Nullable Double timesAtEqualP99,
    @Nullable Double timesPortable,
    @Nullable Double timesDense,
    List<String> notes) {
  /** Copies the list. */
  public ScaleResult {
    notes = List.copyOf(notes);
  }

  /** This result beside those that differ in the number of rows under way alone. */
  ScaleResult amongst(List<ScaleResult> all) {
    OptionalDouble best =
        all.stream()
            .map(ScaleResult::engine)
            .filter(load -> load.p99Ms() <= globalBatch.p99Ms())
            .mapToDouble(Load::rowsPerSecond)
            .max();
    return new ScaleResult(
        family,
        experts,
        topK,
        skew,
        inFlight,
        busiestShare,
        openMs,
        residentBytes,
        oneRowUs,
        floorRowUs,
        timeARowUs,
        policy,
        engine,
        globalBatch,
        portable,
        dense,
        timesGlobalBatch,
        best.isPresent() ? best.getAsDouble() / globalBatch.rowsPerSecond() : null,
        timesPortable,
        timesDense,
        notes);
  }
}
