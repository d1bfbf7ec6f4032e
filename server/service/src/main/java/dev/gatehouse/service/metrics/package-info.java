/** What the server counts: names, tags and units, declared once. */
@NullMarked
package dev.gatehouse.service.metrics;

import org.jspecify.annotations.NullMarked;
