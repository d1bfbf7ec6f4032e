/**
 * Models with random weights as bundles, and rows for them that spread over the experts as is
 * wanted.
 */
@NullMarked
package dev.gatehouse.bench.model;

import org.jspecify.annotations.NullMarked;
