/** What an array operation needs to be safe to take a gradient of. */
@NullMarked
package dev.gatehouse.trainer.array;

import org.jspecify.annotations.NullMarked;
