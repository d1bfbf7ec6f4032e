/** Servers that Gatehouse is measured against. */
@NullMarked
package dev.gatehouse.peers;

import org.jspecify.annotations.NullMarked;
