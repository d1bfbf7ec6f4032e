/** What this machine has of what Gatehouse needs. */
@NullMarked
package dev.gatehouse.cli.doctor;

import org.jspecify.annotations.NullMarked;
