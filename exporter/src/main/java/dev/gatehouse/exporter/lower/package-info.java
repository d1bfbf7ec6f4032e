/**
 * Turns a trained model into graphs: weights and architecture in, ONNX files as bytes out. Letters
 * in shapes: N rows of a batch, M experts, C classes, k experts a row, h width of the last hidden
 * layer, R = N k pairs of row and chosen expert.
 */
@NullMarked
package dev.gatehouse.exporter.lower;

import org.jspecify.annotations.NullMarked;
