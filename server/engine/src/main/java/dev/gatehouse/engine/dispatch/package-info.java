/** From routing to a plan: the rows of a batch sorted by expert. */
@NullMarked
package dev.gatehouse.engine.dispatch;

import org.jspecify.annotations.NullMarked;
