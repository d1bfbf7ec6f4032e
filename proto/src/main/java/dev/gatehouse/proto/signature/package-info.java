/** Ed25519 keys (RFC 8032): made, kept in files that other programs read, and used. */
@NullMarked
package dev.gatehouse.proto.signature;

import org.jspecify.annotations.NullMarked;
