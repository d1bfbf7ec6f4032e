/** What a user of the trainer writes; {@code docs/training.md} shows these very files. */
@NullMarked
package dev.gatehouse.trainer.example;

import org.jspecify.annotations.NullMarked;
