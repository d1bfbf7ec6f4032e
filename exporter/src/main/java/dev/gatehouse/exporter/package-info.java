/** From a run folder to a model bundle that is proved to be the trained model. */
@NullMarked
package dev.gatehouse.exporter;

import org.jspecify.annotations.NullMarked;
