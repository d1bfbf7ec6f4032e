/** The training loop: epochs, the optimiser, distillation, and the run folder they write. */
@NullMarked
package dev.gatehouse.trainer.loop;

import org.jspecify.annotations.NullMarked;
