/** Code shared by the engine's tests: recorded tables, external programs, tar streams. */
@NullMarked
package dev.strata.testing;

import org.jspecify.annotations.NullMarked;
