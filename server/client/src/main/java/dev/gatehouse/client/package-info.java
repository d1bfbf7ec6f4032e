/** Asks a Gatehouse server for predictions. */
@NullMarked
package dev.gatehouse.client;

import org.jspecify.annotations.NullMarked;
