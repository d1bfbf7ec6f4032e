/** What every command of the command line shares: exit codes, progress, text or JSON. */
@NullMarked
package dev.gatehouse.proto.cli;

import org.jspecify.annotations.NullMarked;
