/** From rows to routing: the gate's probabilities, and which experts they choose. */
@NullMarked
package dev.gatehouse.engine.gate;

import org.jspecify.annotations.NullMarked;
