/** The run folder: what the trainer leaves behind and the exporter reads. */
@NullMarked
package dev.gatehouse.proto.run;

import org.jspecify.annotations.NullMarked;
