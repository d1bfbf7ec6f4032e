/** The command that serves. */
@NullMarked
package dev.gatehouse.service.cli;

import org.jspecify.annotations.NullMarked;
