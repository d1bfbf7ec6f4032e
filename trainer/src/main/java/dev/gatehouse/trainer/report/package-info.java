/**
 * Pages for people: what a run was, what it measured, and how runs compare. Plain records go in,
 * one self-contained HTML page comes out, or a picture as SVG.
 */
@NullMarked
package dev.gatehouse.trainer.report;

import org.jspecify.annotations.NullMarked;
