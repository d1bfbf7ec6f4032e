/**
 * How the engine keeps up as experts are added: time, memory and start, and rows from many callers
 * against one batch over all of them.
 */
@NullMarked
package dev.gatehouse.bench.scale;

import org.jspecify.annotations.NullMarked;
