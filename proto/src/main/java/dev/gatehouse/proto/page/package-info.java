/** What every page of Gatehouse looks like. */
@NullMarked
package dev.gatehouse.proto.page;

import org.jspecify.annotations.NullMarked;
