package dev.gatehouse.bench.engine;

import org.jspecify.annotations.Nullable;

/**
 * What one case measured. Times are medians over the rounds, in microseconds a call; a ratio is the
 * median of the rounds' own.
 *
 * @param family of the models
 * @param experts number of experts, M
 * @param topK experts that answer a row, k
 * @param batch rows a call
 * @param engineUs the engine, on the caller's thread
 * @param floorUs the bare runs of gate and chosen experts
 * @param portableUs the bundle's portable graph; null where the weights do not fit into one
 * @param denseUs a graph that runs every expert for every row; null likewise
 * @param ratioToFloor the engine's time over the floor's
 * @param ratioToPortable the portable graph's time over the engine's
 * @param ratioToDense the dense graph's time over the engine's
 * @param w8a8Us the engine with the same model in 8-bit integers; null where it was not measured
 * @param ratioToW8a8 the engine's time over that; null likewise
 * @param bytesPerCall heap that the engine takes for a call, the answer's arrays among it
 * @param answerBytes of these arrays alone
 * @param expertsPerCall experts that a call runs, on average
 * @param engineSettings how the engine runs gate and experts
 * @param floorSettings of the floor's sessions, the fastest for this case
 * @param portableSettings of the portable graph's session, likewise
 * @param denseSettings of the dense graph's session, likewise
 */
public record EngineResult(
    String family,
    int experts,
    int topK,
    int batch,
    double engineUs,
    double floorUs,
    @Nullable Double portableUs,
    @Nullable Double denseUs,
    double ratioToFloor,
    @Nullable Double ratioToPortable,
    @Nullable Double ratioToDense,
    @Nullable Double w8a8Us,
    @Nullable Double ratioToW8a8,
    double bytesPerCall,
    long answerBytes,
    double expertsPerCall,
    String engineSettings,
    String floorSettings,
    @Nullable String portableSettings,
    @Nullable String denseSettings) {}
