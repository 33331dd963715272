/** DEFLATE in Java, whose output is the same on every machine. Internal: not part of the API. */
@NullMarked
package dev.strata.internal.deflate;

import org.jspecify.annotations.NullMarked;
