/**
 * What the engine is held against, straight on ai.onnxruntime and in its best settings: the bare
 * runs of a sparse model, and graphs of the whole model in one session.
 */
@NullMarked
package dev.gatehouse.bench.peer;

import org.jspecify.annotations.NullMarked;
