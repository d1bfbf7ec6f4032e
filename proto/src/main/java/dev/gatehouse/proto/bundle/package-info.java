/** The model bundle: what the exporter writes and the engine serves, and its self-test. */
@NullMarked
package dev.gatehouse.proto.bundle;

import org.jspecify.annotations.NullMarked;
