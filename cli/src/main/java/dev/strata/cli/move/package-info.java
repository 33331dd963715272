/** Commands that move images between places. */
@NullMarked
package dev.strata.cli.move;

import org.jspecify.annotations.NullMarked;
