/** What to train, as validated records: architectures, hyperparameters, flags. */
@NullMarked
package dev.gatehouse.trainer.config;

import org.jspecify.annotations.NullMarked;
