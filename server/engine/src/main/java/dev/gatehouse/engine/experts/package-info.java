/** Runs each expert over the rows that the plan gives it, and no expert without rows. */
@NullMarked
package dev.gatehouse.engine.experts;

import org.jspecify.annotations.NullMarked;
