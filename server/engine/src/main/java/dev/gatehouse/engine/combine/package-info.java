/** From the experts' answers back to rows: the weighted sum. */
@NullMarked
package dev.gatehouse.engine.combine;

import org.jspecify.annotations.NullMarked;
