/** Grids of runs: which cells there are, how they are run, and the tables that come of them. */
@NullMarked
package dev.gatehouse.trainer.experiment;

import org.jspecify.annotations.NullMarked;
