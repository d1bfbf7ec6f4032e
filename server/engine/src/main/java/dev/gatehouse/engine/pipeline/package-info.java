/**
 * The whole model: opens a bundle and calls the stages gate, dispatch, experts, combine in this
 * order.
 */
@NullMarked
package dev.gatehouse.engine.pipeline;

import org.jspecify.annotations.NullMarked;
