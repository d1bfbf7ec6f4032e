/** Proves with a bundle's self-test that its graphs are the trained model. */
@NullMarked
package dev.gatehouse.exporter.parity;

import org.jspecify.annotations.NullMarked;
