/** The models that are served: found in a folder, checked, lent to requests. */
@NullMarked
package dev.gatehouse.service.repository;

import org.jspecify.annotations.NullMarked;
