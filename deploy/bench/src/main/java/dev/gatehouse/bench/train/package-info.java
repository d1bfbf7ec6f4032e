/** A step of training against the loop that a good user of DJL would write. */
@NullMarked
package dev.gatehouse.bench.train;

import org.jspecify.annotations.NullMarked;
