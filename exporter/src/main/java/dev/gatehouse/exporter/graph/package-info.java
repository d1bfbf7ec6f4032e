/**
 * A typed writer of ONNX graphs, and the only place that knows ONNX's protobuf classes. Element
 * types and shapes are checked where a node is written, so that a bad graph fails at the line that
 * is wrong and not when somebody loads it.
 */
@NullMarked
package dev.gatehouse.exporter.graph;

import org.jspecify.annotations.NullMarked;
