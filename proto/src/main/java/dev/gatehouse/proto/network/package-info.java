/** The architecture of a network as data: what the trainer builds and the exporter lowers. */
@NullMarked
package dev.gatehouse.proto.network;

import org.jspecify.annotations.NullMarked;
