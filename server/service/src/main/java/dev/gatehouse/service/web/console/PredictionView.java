package dev.gatehouse.service.web.console;

import dev.gatehouse.engine.tensor.Prediction;
import dev.gatehouse.engine.tensor.Routing;
import dev.gatehouse.proto.bundle.Manifest;
import dev.gatehouse.service.repository.ServedModel;

/**
 * The answer to one row.
 *
 * @param model the model that answered
 * @param version its version
 * @param classIndex index of the most probable class
 * @param className its name
 * @param probabilities {@code [classes]}
 * @param gateProbabilities {@code [experts]} the gate's softmax
 * @param expertIndices the chosen experts by falling weight
 * @param expertWeights their weights in the answer
 * @param expertsRun number of experts that computed the row
 * @param microseconds time in the engine
 */
record PredictionView(
    String model,
    int version,
    int classIndex,
    String className,
    float[] probabilities,
    float[] gateProbabilities,
    int[] expertIndices,
    float[] expertWeights,
    int expertsRun,
    long microseconds) {
  static PredictionView of(ServedModel served, Prediction prediction, long nanos) {
    Manifest manifest = served.model().manifest();
    Routing routing = prediction.routing();
    int classIndex = prediction.classIndices()[0];
    return new PredictionView(
        served.name(),
        served.version(),
        classIndex,
        manifest.classes().get(classIndex),
        prediction.probabilities(),
        routing.gateProbabilities(),
        routing.expertIndices(),
        routing.expertWeights(),
        manifest.routing() == Manifest.Routing.SPARSE ? routing.count(0) : routing.experts(),
        nanos / 1000);
  }
}
