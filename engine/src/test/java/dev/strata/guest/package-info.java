/** The engine as a guest in the JVM of another program. */
@NullMarked
package dev.strata.guest;

import org.jspecify.annotations.NullMarked;
