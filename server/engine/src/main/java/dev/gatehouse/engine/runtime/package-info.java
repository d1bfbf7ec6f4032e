/**
 * Sessions of ONNX Runtime over direct buffers, and the only place that knows ai.onnxruntime. It
 * knows graphs and nothing of mixtures.
 */
@NullMarked
package dev.gatehouse.engine.runtime;

import org.jspecify.annotations.NullMarked;
