/** What routing rules compute, written once for trainer and engine. */
@NullMarked
package dev.gatehouse.proto.routing;

import org.jspecify.annotations.NullMarked;
