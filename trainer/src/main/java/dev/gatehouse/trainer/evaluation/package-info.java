/**
 * What a trained mixture does on a split: error, entropies, I(E;Y), routing tables, the self-test.
 */
@NullMarked
package dev.gatehouse.trainer.evaluation;

import org.jspecify.annotations.NullMarked;
