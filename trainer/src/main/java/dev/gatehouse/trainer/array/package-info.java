/** What DJL's arrays need to be safe: on which device they lie, gradients, reading them. */
@NullMarked
package dev.gatehouse.trainer.array;

import org.jspecify.annotations.NullMarked;
