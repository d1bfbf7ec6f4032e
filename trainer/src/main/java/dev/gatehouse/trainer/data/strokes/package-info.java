/**
 * Draws the embedded data set: figures made of strokes, a hand that draws each a little otherwise,
 * and a canvas that turns curves into pixels. Knows neither files of the user nor data sets.
 */
@NullMarked
package dev.gatehouse.trainer.data.strokes;

import org.jspecify.annotations.NullMarked;
