/**
 * Losses and regularisers of arXiv 2302.14703. Letters in shapes: B rows of a batch, M experts, C
 * classes, d elements of a row.
 */
@NullMarked
package dev.gatehouse.trainer.loss;

import org.jspecify.annotations.NullMarked;
