/** The {@code gatehouse} command: composes the commands of every module. */
@NullMarked
package dev.gatehouse.cli;

import org.jspecify.annotations.NullMarked;
