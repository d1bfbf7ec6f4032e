/**
 * PNG and JPEG files to the samples of a row. Training, serving and asking read images by this code
 * alone, so that a picture is the same row to all of them.
 */
@NullMarked
package dev.gatehouse.proto.image;

import org.jspecify.annotations.NullMarked;
