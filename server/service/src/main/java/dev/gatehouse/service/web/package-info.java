/** The HTTP port: console, metrics and health. */
@NullMarked
package dev.gatehouse.service.web;

import org.jspecify.annotations.NullMarked;
