/** The HTTP port: metrics and health. */
@NullMarked
package dev.gatehouse.service.web;

import org.jspecify.annotations.NullMarked;
