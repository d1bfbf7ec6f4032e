/**
 * The pictures of an experiment: what is drawn of its table, and in which words. How it is drawn is
 * the report's.
 */
@NullMarked
package dev.gatehouse.trainer.experiment.pictures;

import org.jspecify.annotations.NullMarked;
