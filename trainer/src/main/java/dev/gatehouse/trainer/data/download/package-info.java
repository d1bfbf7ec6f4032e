/**
 * Fetches the files of released data sets into a folder of this machine. Knows HTTP; knows nothing
 * of what is in the files.
 */
@NullMarked
package dev.gatehouse.trainer.data.download;

import org.jspecify.annotations.NullMarked;
