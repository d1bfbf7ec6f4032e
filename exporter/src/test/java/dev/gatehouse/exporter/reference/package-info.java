/**
 * A second implementation of the models, in plain double loops written from the formulas: no ONNX,
 * no engine. Tests hold the graphs against it, and the small bundles' self-tests come from it.
 */
@NullMarked
package dev.gatehouse.exporter.reference;

import org.jspecify.annotations.NullMarked;
