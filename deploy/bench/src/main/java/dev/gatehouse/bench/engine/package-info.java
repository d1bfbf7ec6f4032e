/** What the engine adds to the bare runs of a model's graphs, and what whole graphs take. */
@NullMarked
package dev.gatehouse.bench.engine;

import org.jspecify.annotations.NullMarked;
