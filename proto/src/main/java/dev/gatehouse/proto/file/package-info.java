/** Safe and strict reading and writing of files: atomic writes, checksums, JSON, safetensors. */
@NullMarked
package dev.gatehouse.proto.file;

import org.jspecify.annotations.NullMarked;
