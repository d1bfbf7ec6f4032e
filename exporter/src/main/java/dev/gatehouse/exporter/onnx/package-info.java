/**
 * ONNX files as anybody may have written them: read, refused where they are not what can be served,
 * measured, rewritten. Knows graphs, and nothing of mixtures, bundles and folders.
 */
@NullMarked
package dev.gatehouse.exporter.onnx;

import org.jspecify.annotations.NullMarked;
