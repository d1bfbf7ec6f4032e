/** What a bundle is and what a row costs, for people and programs. */
@NullMarked
package dev.gatehouse.exporter.inspect;

import org.jspecify.annotations.NullMarked;
