/** Commands that copy images between transports. */
@NullMarked
package dev.strata.cli.move;

import org.jspecify.annotations.NullMarked;
