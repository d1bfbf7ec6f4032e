/** The commands of the exporter. */
@NullMarked
package dev.gatehouse.exporter.cli;

import org.jspecify.annotations.NullMarked;
