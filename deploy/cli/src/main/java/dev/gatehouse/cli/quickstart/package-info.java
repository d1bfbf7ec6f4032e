/** The whole path in one go: train, distil, export, serve, predict, count. */
@NullMarked
package dev.gatehouse.cli.quickstart;

import org.jspecify.annotations.NullMarked;
