/**
 * What every part of Gatehouse shares: wire schemas, file formats and how a user's mistake is
 * named.
 */
@NullMarked
package dev.gatehouse.proto;

import org.jspecify.annotations.NullMarked;
