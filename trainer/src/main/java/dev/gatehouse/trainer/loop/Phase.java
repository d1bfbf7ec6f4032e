package dev.gatehouse.trainer.loop;

import dev.gatehouse.trainer.model.MixtureModel;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Epochs in which the same parameters train towards the same objective.
 *
 * @param lastEpoch the epoch that it ends with, counted over all phases from 1
 * @param trains names of the parameters that train
 * @param objective what is minimised
 */
record Phase(
    int lastEpoch, Predicate<String> trains, Function<MixtureModel, Objective> objective) {}
