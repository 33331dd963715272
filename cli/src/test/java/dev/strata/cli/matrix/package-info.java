/** Images of many programs, copied to every destination and read by many programs. */
@NullMarked
package dev.strata.cli.matrix;

import org.jspecify.annotations.NullMarked;
