/**
 * Data sets: where their rows come from, how they are split, and what a client of a model trained
 * on them sends. Letters in shapes: n rows, 28 x 28 pixels.
 */
@NullMarked
package dev.gatehouse.trainer.data;

import org.jspecify.annotations.NullMarked;
