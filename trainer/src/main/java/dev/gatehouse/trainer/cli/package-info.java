/** The commands that train, distil and evaluate. */
@NullMarked
package dev.gatehouse.trainer.cli;

import org.jspecify.annotations.NullMarked;
