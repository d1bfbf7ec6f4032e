/** The commands of this module. */
@NullMarked
package dev.gatehouse.bench.cli;

import org.jspecify.annotations.NullMarked;
