/** What a model takes, made from what callers send. */
@NullMarked
package dev.gatehouse.service.rows;

import org.jspecify.annotations.NullMarked;
