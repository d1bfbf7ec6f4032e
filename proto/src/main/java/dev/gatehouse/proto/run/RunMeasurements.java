package dev.gatehouse.proto.run;

/**
 * {@code measurements.json}: every measurement of the finished model, on every split.
 *
 * @param train on the rows that were trained on, by the finished model; the training error of
 *     {@link EpochMetrics} is counted while the weights still move
 * @param validation on the held-out rows
 * @param test on the test set
 */
public record RunMeasurements(
    SplitMeasurements train, SplitMeasurements validation, SplitMeasurements test) {}
