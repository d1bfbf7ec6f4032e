/**
 * Experts, gates and their mixture (arXiv 2302.14703) on arrays, interpreted from their description
 * in {@link dev.gatehouse.proto.network.ModelSpec}.
 *
 * <p>Letters in shapes: B rows of a batch, M experts, C classes, h width of an expert's last hidden
 * layer. Every array that a forward pass makes is attached to the manager of the batch it was
 * given; whoever opened that manager frees them all at once.
 */
@NullMarked
package dev.gatehouse.trainer.model;

import org.jspecify.annotations.NullMarked;
