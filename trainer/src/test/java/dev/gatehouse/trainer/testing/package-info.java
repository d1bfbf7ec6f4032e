/** What several tests share. */
@NullMarked
package dev.gatehouse.trainer.testing;

import org.jspecify.annotations.NullMarked;
