/**
 * Batches of rows, what the gate said of them, and what the model answered: plain values, the leaf
 * of the engine.
 */
@NullMarked
package dev.gatehouse.engine.tensor;

import org.jspecify.annotations.NullMarked;
