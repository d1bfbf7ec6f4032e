/** The command that asks a server. */
@NullMarked
package dev.gatehouse.client.cli;

import org.jspecify.annotations.NullMarked;
