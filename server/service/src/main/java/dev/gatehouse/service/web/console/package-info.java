/** The page at the HTTP port's root, and the JSON that it lives on. */
@NullMarked
package dev.gatehouse.service.web.console;

import org.jspecify.annotations.NullMarked;
