/** Bundles of ONNX files that were trained and exported elsewhere. */
@NullMarked
package dev.gatehouse.exporter.imports;

import org.jspecify.annotations.NullMarked;
