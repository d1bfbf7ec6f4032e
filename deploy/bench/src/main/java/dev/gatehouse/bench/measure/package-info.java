/** How times are taken, and on what machine. It knows nothing of what is measured. */
@NullMarked
package dev.gatehouse.bench.measure;

import org.jspecify.annotations.NullMarked;
