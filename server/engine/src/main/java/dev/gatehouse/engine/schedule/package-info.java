/**
 * When work is done, and by whom: which rows are computed together, on the caller's thread, on its
 * event loop, or on workers. It knows neither graphs nor mixtures.
 */
@NullMarked
package dev.gatehouse.engine.schedule;

import org.jspecify.annotations.NullMarked;
